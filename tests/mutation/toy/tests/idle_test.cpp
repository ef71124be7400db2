// SPDX-License-Identifier: Apache-2.0
#include "counts/counts.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace toy {
namespace {

TEST(Counts, NothingIsChecked) {
    static_cast<void>(count_between(std::vector{5, 1, 2, 3, 4, 0}, 1, 3));
}

} // namespace
} // namespace toy
