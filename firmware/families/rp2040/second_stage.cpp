// SPDX-License-Identifier: Apache-2.0
#include "families/rp2040/second_stage.hpp"

namespace tinymf::firmware::rp2040 {

[[gnu::section(".before_vectors"), gnu::used]] constinit const SecondStage second_stage =
    make_second_stage();

} // namespace tinymf::firmware::rp2040
