// SPDX-License-Identifier: Apache-2.0
#include "sweep/sweep_folder.hpp"

#include <cerrno>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include "diagnostics/host_error.hpp"
#include "experiment_file/problem_list.hpp"
#include "output_file/whole_file.hpp"

namespace tinymf::host {
namespace {

constexpr std::string_view jobs_folder = "jobs";

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

SweepFolder::SweepFolder(std::filesystem::path folder) : folder_{std::move(folder)} {
    make_folder(folder_);
    const std::filesystem::path lock = folder_ / "lock";
    lock_ = Descriptor(::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!lock_.open()) {
        throw HostError(exit_bad_input, with_reason(printable(lock.string(), 4096), errno));
    }
    if (::flock(lock_.number(), LOCK_EX | LOCK_NB) != 0) {
        refuse(folder_, "another sweep is working in it");
    }
    make_folder(folder_ / jobs_folder);
    remove_partial_records();
}

std::filesystem::path SweepFolder::capture(std::size_t job) const {
    return folder_ / jobs_folder / fmt::format("{:06}.tmf", job);
}

std::filesystem::path SweepFolder::record_path(std::size_t job) const {
    return folder_ / jobs_folder / fmt::format("{:06}.json", job);
}

/// Left behind by a sweep that was killed while it wrote.
void SweepFolder::remove_partial_records() const {
    std::vector<std::filesystem::path> partial;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / jobs_folder)) {
        if (entry.path().filename().string().find(".json.partial-") != std::string::npos) {
            partial.push_back(entry.path());
        }
    }
    for (const auto& path : partial) {
        std::filesystem::remove(path);
    }
}

std::optional<nlohmann::json> SweepFolder::find(std::size_t job,
                                                const nlohmann::json& identity) const {
    std::ifstream file(record_path(job), std::ios::binary);
    const auto record = nlohmann::json::parse(file, nullptr, /*allow_exceptions=*/false);
    if (!record.is_object() || record.value("identity", nlohmann::json()) != identity ||
        !record.contains("outcomes")) {
        return std::nullopt;
    }
    return record["outcomes"];
}

void SweepFolder::record(std::size_t job, const nlohmann::json& identity,
                         const nlohmann::json& outcomes) const {
    const nlohmann::json record{{"identity", identity}, {"outcomes", outcomes}};
    write_whole_file(record_path(job), record.dump() + "\n");
}

} // namespace tinymf::host
