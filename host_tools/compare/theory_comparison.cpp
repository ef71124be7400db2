// SPDX-License-Identifier: Apache-2.0
#include "compare/theory_comparison.hpp"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <fmt/format.h>

namespace tinymf::host {

double allowed_z(double freedom) {
    if (std::isinf(freedom)) {
        return boost::math::quantile(
            boost::math::complement(boost::math::normal(), false_alarm / 2.0));
    }
    const double quantile = boost::math::quantile(
        boost::math::complement(boost::math::students_t(freedom), false_alarm / 2.0));
    return freedom > 2.0 ? quantile / std::sqrt(freedom / (freedom - 2.0)) : quantile;
}

std::string law_text(double freedom) {
    const std::string alarm = fmt::format("false alarm {:.0e} a number", false_alarm);
    return std::isinf(freedom) ? "normal law, " + alarm
                               : fmt::format("Student t, {:g} degree{} of freedom, {}", freedom,
                                             freedom == 1.0 ? "" : "s", alarm);
}

} // namespace tinymf::host
