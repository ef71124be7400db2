// SPDX-License-Identifier: Apache-2.0
#include "cli/number_checks.hpp"

#include <cmath>
#include <string>

#include <fmt/format.h>

#include "experiment_file/problem_list.hpp"
#include "experiment_file/ranges.hpp"

namespace tinymf::host {
namespace {

CLI::Validator real_where(const std::string& range, const std::string& shown,
                          std::function<bool(double)> allowed) {
    return {[range, allowed = std::move(allowed)](std::string& written) {
                double value = 0.0;
                const bool number = CLI::detail::lexical_cast(written, value);
                return number && std::isfinite(value) && allowed(value)
                           ? std::string()
                           : fmt::format("{}: {}", printable(written), range);
            },
            shown};
}

} // namespace

CLI::Validator real_between(double lowest, double highest) {
    return real_where(range_text(lowest, highest),
                      fmt::format("FLOAT in [{} - {}]", number_text(lowest), number_text(highest)),
                      [=](double value) { return value >= lowest && value <= highest; });
}

CLI::Validator zero_or_between(double lowest, double highest) {
    const std::string from = number_text(lowest);
    const std::string to = number_text(highest);
    return real_where(fmt::format("must be 0, or between {} and {}", from, to),
                      fmt::format("FLOAT in [{} - {}] or 0", from, to), [=](double value) {
                          return value == 0.0 || (value >= lowest && value <= highest);
                      });
}

} // namespace tinymf::host
