// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace tinymf::host {

/// Consecutive elements of a vector that did not come whole.
struct VectorFragment {
    std::uint32_t step = 0;
    std::size_t first = 0; ///< element
    std::vector<double> values;
};

/// Vectors that a run sent, each at a step of its own: the states of one replica, or the rows of
/// one array of a mean field. Values of a float32 run are widened, which is exact.
/// Size: 8 bytes a value, 12 a vector.
class VectorTrace {
public:
    /// Strictly ascending.
    [[nodiscard]] const std::vector<std::uint32_t>& steps() const& { return steps_; }
    [[nodiscard]] std::vector<std::uint32_t> steps() && { return std::move(steps_); }
    [[nodiscard]] std::size_t size() const { return steps_.size(); }
    [[nodiscard]] bool empty() const { return steps_.empty(); }

    [[nodiscard]] std::span<const double> operator[](std::size_t index) const {
        return std::span(values_).subspan(starts_[index], starts_[index + 1] - starts_[index]);
    }

    /// All vectors, one behind the other.
    [[nodiscard]] std::span<const double> values() const { return values_; }

    void add(std::uint32_t step, std::span<const double> vector) {
        steps_.push_back(step);
        values_.insert(values_.end(), vector.begin(), vector.end());
        starts_.push_back(values_.size());
    }

private:
    std::vector<std::uint32_t> steps_;
    std::vector<std::size_t> starts_{0};
    std::vector<double> values_;
};

} // namespace tinymf::host
