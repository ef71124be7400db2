// SPDX-License-Identifier: Apache-2.0
#include "compare/bounded_distance.hpp"

#include <algorithm>

namespace tinymf::host {

void BoundedDistance::raise(std::size_t k, double distance, const ErrorPlace& place) {
    if (k >= error.size()) {
        error.resize(k + 1, 0.0);
        places.resize(k + 1);
    }
    if (!(distance <= error[k])) {
        error[k] = distance;
        places[k] = place;
    }
}

void BoundedDistance::keep_nearest(std::size_t k, double distance, double its_bound,
                                   const ErrorPlace& place) {
    const auto share = [](double part, double whole) { return part == 0.0 ? 0.0 : part / whole; };
    const bool added = k >= bound.size();
    if (added || !(share(distance, its_bound) <= share(error[k], bound[k]))) {
        error.resize(std::max(error.size(), k + 1));
        places.resize(error.size());
        bound.resize(std::max(bound.size(), k + 1));
        error[k] = distance;
        places[k] = place;
        bound[k] = its_bound;
    }
}

double BoundedDistance::max_error() const {
    const auto last = error.begin() + static_cast<std::ptrdiff_t>(bound.size());
    return bound.empty() ? 0.0 : *std::max_element(error.begin(), last);
}

double BoundedDistance::max_bound() const {
    return bound.empty() ? 0.0 : *std::ranges::max_element(bound);
}

std::optional<std::size_t> BoundedDistance::violation() const {
    for (std::size_t k = 0; k < bound.size(); ++k) {
        if (!(error[k] <= bound[k])) {
            return k;
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> BoundedDistance::nearest() const {
    std::optional<std::size_t> found;
    double largest = 0.0;
    for (std::size_t k = 0; k < bound.size(); ++k) {
        const double share = error[k] == 0.0 ? 0.0 : error[k] / bound[k];
        if (!found || share > largest) {
            found = k;
            largest = share;
        }
    }
    return found;
}

} // namespace tinymf::host
