// SPDX-License-Identifier: Apache-2.0
#include "arrays/npz.hpp"

#include <algorithm>
#include <concepts>
#include <limits>
#include <vector>

#include <nlohmann/json.hpp>

#include "arrays/crc32.hpp"
#include "arrays/npy.hpp"
#include "base/json_text.hpp"
#include "output_file/whole_file.hpp"

namespace tinymf::host {
namespace {

/// Where the plain zip format has no room, it holds this, and an extra field the number.
constexpr std::uint64_t no_room = std::numeric_limits<std::uint32_t>::max();

template <std::unsigned_integral U>
void put(std::string& out, U value) {
    for (std::size_t byte = 0; byte < sizeof(U); ++byte) {
        out.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * byte) & 0xFFU));
    }
}

bool fits(std::uint64_t value) {
    return value < no_room;
}

void put_clamped(std::string& out, std::uint64_t value) {
    put(out, static_cast<std::uint32_t>(std::min(value, no_room)));
}

/// One stored member of a zip archive.
struct Member {
    std::string name;
    std::uint32_t crc;
    std::uint64_t size;
    std::uint64_t offset;
};

/// The numbers that had no room, behind their heading; empty where all had.
std::string extra_field(std::initializer_list<std::uint64_t> values) {
    constexpr std::uint16_t zip64 = 1;
    std::string numbers;
    for (const std::uint64_t value : values) {
        put(numbers, value);
    }
    std::string field;
    if (!numbers.empty()) {
        put(field, zip64);
        put(field, static_cast<std::uint16_t>(numbers.size()));
    }
    return field + numbers;
}

/// The fields that local header and directory entry share.
void put_description(std::string& out, const Member& member, std::size_t extra_size) {
    constexpr std::uint16_t plain_version = 20; // 2.0
    constexpr std::uint16_t zip64_version = 45;
    constexpr std::uint16_t no_flags = 0;
    constexpr std::uint16_t stored = 0;
    constexpr std::uint16_t midnight = 0;
    constexpr std::uint16_t zip_epoch = 1U << 5U | 1U; // 1980-01-01
    put(out, extra_size == 0 ? plain_version : zip64_version);
    put(out, no_flags);
    put(out, stored);
    put(out, midnight);
    put(out, zip_epoch);
    put(out, member.crc);
    put_clamped(out, member.size); // compressed
    put_clamped(out, member.size);
    put(out, static_cast<std::uint16_t>(member.name.size()));
    put(out, static_cast<std::uint16_t>(extra_size));
}

std::string local_header(const Member& member) {
    const std::string extra =
        fits(member.size) ? extra_field({}) : extra_field({member.size, member.size});
    std::string out;
    put(out, std::uint32_t{0x04034B50});
    put_description(out, member, extra.size());
    return out + member.name + extra;
}

std::string directory_extra(const Member& member) {
    if (fits(member.size)) {
        return fits(member.offset) ? extra_field({}) : extra_field({member.offset});
    }
    return fits(member.offset) ? extra_field({member.size, member.size})
                               : extra_field({member.size, member.size, member.offset});
}

std::string directory_entry(const Member& member) {
    constexpr std::uint16_t made_by_version = 20;
    const std::string extra = directory_extra(member);
    std::string out;
    put(out, std::uint32_t{0x02014B50});
    put(out, made_by_version);
    put_description(out, member, extra.size());
    put(out, std::uint16_t{0}); // comment length
    put(out, std::uint16_t{0}); // disk
    put(out, std::uint16_t{0}); // internal attributes: binary
    put(out, std::uint32_t{0}); // external attributes
    put_clamped(out, member.offset);
    return out + member.name + extra;
}

/// Where a directory lies that is far from the beginning, and the place of this record.
std::string zip64_end(std::uint64_t members, std::uint64_t size, std::uint64_t start) {
    constexpr std::uint16_t version = 45;
    std::string out;
    put(out, std::uint32_t{0x06064B50});
    put(out, std::uint64_t{44}); // bytes of this record from here on
    put(out, version);
    put(out, version);
    put(out, std::uint32_t{0}); // this disk
    put(out, std::uint32_t{0}); // the directory's disk
    put(out, members);          // on this disk
    put(out, members);
    put(out, size);
    put(out, start);
    put(out, std::uint32_t{0x07064B50});
    put(out, std::uint32_t{0}); // disk of the record above
    put(out, start + size);     // its place
    put(out, std::uint32_t{1}); // disks
    return out;
}

std::string directory(const std::vector<Member>& members, std::uint64_t start,
                      std::string_view comment) {
    std::string out;
    for (const Member& member : members) {
        out += directory_entry(member);
    }
    const std::uint64_t size = out.size();
    if (!fits(start)) {
        out += zip64_end(members.size(), size, start);
    }
    const auto count = static_cast<std::uint16_t>(members.size());
    put(out, std::uint32_t{0x06054B50});
    put(out, std::uint16_t{0}); // this disk
    put(out, std::uint16_t{0}); // the directory's disk
    put(out, count);            // entries on this disk
    put(out, count);
    put_clamped(out, size);
    put_clamped(out, start);
    put(out, static_cast<std::uint16_t>(comment.size()));
    out += comment;
    return out;
}

/// A first reading tells the checksum, which stands before the data.
Member describe(const NamedArray& array, const std::string& header, std::uint64_t offset) {
    Crc32 crc;
    crc.add(header);
    visit_bytes(array, [&crc](std::string_view bytes) { crc.add(bytes); });
    return {array.name + ".npy", crc.value(), header.size() + byte_count(array), offset};
}

} // namespace

void visit_npz(std::span<const NamedArray> arrays, std::string_view comment, const ByteSink& sink) {
    std::uint64_t written = 0;
    const ByteSink counted = [&](std::string_view bytes) {
        written += bytes.size();
        sink(bytes);
    };
    std::vector<Member> members;
    for (const NamedArray& array : arrays) {
        const std::string header = npy_header(array);
        members.push_back(describe(array, header, written));
        counted(local_header(members.back()));
        counted(header);
        visit_bytes(array, counted);
    }
    counted(directory(members, written, comment));
}

std::string npz_file(std::span<const NamedArray> arrays, std::string_view comment) {
    std::string archive;
    visit_npz(arrays, comment, [&archive](std::string_view bytes) { archive += bytes; });
    return archive;
}

void write_npz(const std::filesystem::path& path, std::span<const NamedArray> arrays,
               nlohmann::json facts, std::string_view mark) {
    for (const NamedArray& array : arrays) {
        facts["units"][array.name] = array.unit;
    }
    std::vector<NamedArray> members(arrays.begin(), arrays.end());
    // Escaped to ASCII, so that each byte is one character.
    members.push_back(text_array("metadata", ascii_json_text(facts)));
    WholeFile file(path);
    visit_npz(members, mark, [&file](std::string_view bytes) { file.write(bytes); });
    file.finish();
}

} // namespace tinymf::host
