// SPDX-License-Identifier: Apache-2.0
#include "sweep/sweep_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>

#include "base/host_error.hpp"
#include "base/json_text.hpp"
#include "base/problem_list.hpp"
#include "output_file/whole_file.hpp"
#include "tinymf/stream/crc32c.hpp"

namespace tinymf::host {
namespace {

using nlohmann::json;

constexpr std::string_view jobs_folder = "jobs";

/// Discarded where there is no file or no JSON in it.
json parsed(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return json::parse(file, nullptr, /*allow_exceptions=*/false);
}

/// Of all that a record says, as text of eight digits.
std::string checksum(std::size_t job, const json& identity, const json& outcomes) {
    const std::string all =
        json_text(json{{"job", job}, {"identity", identity}, {"outcomes", outcomes}});
    const std::vector<std::uint8_t> bytes(all.begin(), all.end());
    return fmt::format("{:08x}", stream::crc32c(bytes));
}

[[noreturn]] void refuse(const std::filesystem::path& path, std::string_view reason) {
    throw HostError(exit_bad_input, fmt::format("{}: {}", printable(path.string(), 4096), reason));
}

void make_folder(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directory(folder, error);
    if (error) {
        refuse(folder, error.message());
    }
    if (!std::filesystem::is_directory(folder, error)) {
        refuse(folder, "is not a folder");
    }
}

} // namespace

SweepFolder::SweepFolder(std::filesystem::path folder, const json& sweep, bool force)
    : folder_{std::move(folder)} {
    make_folder(folder_);
    const std::filesystem::path lock = folder_ / "lock";
    lock_ = FileDescriptor(::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!lock_.open()) {
        throw HostError(exit_bad_input, with_reason(printable(lock.string(), 4096), errno));
    }
    if (::flock(lock_.number(), LOCK_EX | LOCK_NB) != 0) {
        refuse(folder_, "another sweep is working in it");
    }
    make_folder(folder_ / jobs_folder);
    claim(sweep, force);
    remove_unfinished_records();
}

std::filesystem::path SweepFolder::capture(std::size_t job) const {
    return folder_ / jobs_folder / fmt::format("{:06}.tmf", job);
}

std::filesystem::path SweepFolder::record_path(std::size_t job) const {
    return folder_ / jobs_folder / fmt::format("{:06}.json", job);
}

void SweepFolder::claim(const json& sweep, bool force) const {
    const std::filesystem::path owner = folder_ / "sweep.json";
    const json present = parsed(owner);
    if (present == sweep) {
        return;
    }
    if (!force && (!present.is_discarded() || holds_results())) {
        refuse(folder_,
               "holds the results of another sweep; give another folder, or --force writes "
               "over them");
    }
    write_whole_file(owner, json_text(sweep) + "\n");
}

/// Left behind by a sweep that was killed while it wrote, where files cannot be nameless.
void SweepFolder::remove_unfinished_records() const {
    std::vector<std::filesystem::path> unfinished;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / jobs_folder)) {
        if (entry.path().filename().string().starts_with(private_name_prefix)) {
            unfinished.push_back(entry.path());
        }
    }
    for (const auto& path : unfinished) {
        std::filesystem::remove(path);
    }
}

/// Whoever they belong to.
bool SweepFolder::holds_results() const {
    const std::filesystem::directory_iterator jobs(folder_ / jobs_folder);
    return std::filesystem::exists(folder_ / "results.json") ||
           std::any_of(begin(jobs), end(jobs), [](const std::filesystem::directory_entry& entry) {
               return entry.path().extension() == ".json";
           });
}

std::optional<json> SweepFolder::find(std::size_t job, const json& identity) const {
    const json record = parsed(record_path(job));
    if (!record.is_object() || record.value("identity", json()) != identity ||
        !record.contains("outcomes") ||
        record.value("crc32c", json()) != checksum(job, identity, record["outcomes"])) {
        return std::nullopt;
    }
    return record["outcomes"];
}

void SweepFolder::record(std::size_t job, const json& identity, const json& outcomes) const {
    const json record{{"identity", identity},
                      {"outcomes", outcomes},
                      {"crc32c", checksum(job, identity, outcomes)}};
    write_whole_file(record_path(job), json_text(record) + "\n");
}

} // namespace tinymf::host
