// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace tinymf::host {

/// A line on standard error that tells how far long work has come. Silent unless standard error is
/// a terminal; redrawn at most ten times a second; removed at the end.
class Progress {
public:
    Progress(std::string label, std::uint64_t total);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();

    void show(std::uint64_t done);

private:
    std::string label_;
    std::uint64_t total_;
    bool visible_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point next_;
};

} // namespace tinymf::host
