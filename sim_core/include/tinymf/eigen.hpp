// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one way into Eigen for sim_core and firmware: assert.hpp must come first, because Eigen
// takes the definition of eigen_assert that it finds.
#include "tinymf/assert.hpp"

#include "tinymf/numeric/arithmetic_guard.hpp"

#include <Eigen/Core>
