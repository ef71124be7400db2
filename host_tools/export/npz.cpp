// SPDX-License-Identifier: Apache-2.0
#include "export/npz.hpp"

#include <concepts>
#include <limits>
#include <stdexcept>
#include <vector>

#include "export/crc32.hpp"
#include "export/npy.hpp"
#include "output_file/whole_file.hpp"

namespace tinymf::host {
namespace {

template <std::unsigned_integral U>
void put(std::string& out, U value) {
    for (std::size_t byte = 0; byte < sizeof(U); ++byte) {
        out.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * byte) & 0xFFU));
    }
}

std::uint32_t zip_size(std::size_t size) {
    if (size > std::numeric_limits<std::uint32_t>::max()) {
        throw std::length_error("arrays beyond 4 GiB do not fit one .npz file");
    }
    return static_cast<std::uint32_t>(size);
}

/// One stored member of a zip archive.
struct Member {
    std::string name;
    std::uint32_t crc;
    std::uint32_t size;
    std::uint32_t offset;
};

/// The fields that local header and directory entry share.
void put_description(std::string& out, const Member& member) {
    constexpr std::uint16_t needed_version = 20; // 2.0
    constexpr std::uint16_t no_flags = 0;
    constexpr std::uint16_t stored = 0;
    constexpr std::uint16_t midnight = 0;
    constexpr std::uint16_t zip_epoch = 1U << 5U | 1U; // 1980-01-01
    put(out, needed_version);
    put(out, no_flags);
    put(out, stored);
    put(out, midnight);
    put(out, zip_epoch);
    put(out, member.crc);
    put(out, member.size); // compressed
    put(out, member.size);
    put(out, static_cast<std::uint16_t>(member.name.size()));
    put(out, std::uint16_t{0}); // no extra field
}

void put_local_header(std::string& out, const Member& member) {
    put(out, std::uint32_t{0x04034B50});
    put_description(out, member);
    out += member.name;
}

void put_directory_entry(std::string& out, const Member& member) {
    constexpr std::uint16_t made_by_version = 20;
    put(out, std::uint32_t{0x02014B50});
    put(out, made_by_version);
    put_description(out, member);
    put(out, std::uint16_t{0}); // comment length
    put(out, std::uint16_t{0}); // disk
    put(out, std::uint16_t{0}); // internal attributes: binary
    put(out, std::uint32_t{0}); // external attributes
    put(out, member.offset);
    out += member.name;
}

void put_directory(std::string& out, const std::vector<Member>& members, std::string_view comment) {
    const std::uint32_t start = zip_size(out.size());
    for (const Member& member : members) {
        put_directory_entry(out, member);
    }
    const auto count = static_cast<std::uint16_t>(members.size());
    put(out, std::uint32_t{0x06054B50});
    put(out, std::uint16_t{0}); // this disk
    put(out, std::uint16_t{0}); // the directory's disk
    put(out, count);            // entries on this disk
    put(out, count);
    put(out, zip_size(out.size() - 12 - start)); // 12: the end record so far
    put(out, start);
    put(out, static_cast<std::uint16_t>(comment.size()));
    out += comment;
}

} // namespace

std::string npz_file(std::span<const NamedArray> arrays, std::string_view comment) {
    std::string archive;
    std::vector<Member> members;
    for (const NamedArray& array : arrays) {
        const std::string data = npy_file(array);
        members.push_back(
            {array.name + ".npy", crc32(data), zip_size(data.size()), zip_size(archive.size())});
        put_local_header(archive, members.back());
        archive += data;
    }
    put_directory(archive, members, comment);
    return archive;
}

void write_npz(const std::filesystem::path& path, std::span<const NamedArray> arrays,
               nlohmann::json facts, std::string_view mark) {
    for (const NamedArray& array : arrays) {
        facts["units"][array.name] = array.unit;
    }
    std::vector<NamedArray> members(arrays.begin(), arrays.end());
    // Escaped to ASCII, so that each byte is one character.
    members.push_back(text_array(
        "metadata", facts.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace)));
    write_whole_file(path, npz_file(members, mark));
}

} // namespace tinymf::host
