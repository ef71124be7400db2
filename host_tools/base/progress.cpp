// SPDX-License-Identifier: Apache-2.0
#include "base/progress.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

namespace tinymf::host {

Progress::Progress(std::string label, std::uint64_t total)
    : label_{std::move(label)}, total_{std::max<std::uint64_t>(total, 1)},
      visible_{isatty(STDERR_FILENO) == 1}, next_{std::chrono::steady_clock::now()} {}

Progress::~Progress() {
    if (drawn_) {
        std::fputs("\r\033[K", stderr);
    }
}

void Progress::show(std::uint64_t done) {
    using namespace std::chrono_literals;
    if (!visible_ || std::chrono::steady_clock::now() < next_) {
        return;
    }
    next_ = std::chrono::steady_clock::now() + 100ms;
    drawn_ = true;
    constexpr std::uint64_t width = 30;
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));
    const auto filled = static_cast<std::size_t>(share * static_cast<double>(width));
    fmt::print(stderr, "\r\033[K{} [{}{}] {:.0f} % ({} of {})", label_, std::string(filled, '#'),
               std::string(width - filled, '.'), 100.0 * share, done, total_);
    std::fflush(stderr);
}

} // namespace tinymf::host
