# SPDX-License-Identifier: Apache-2.0
# Without these, equal sources do not give equal bits. They travel with tinymf::sim_core, wherever it
# is used. No compiler tells sources that contraction is off, so the definition does; see
# numeric/arithmetic_guard.hpp.
set(TINYMF_ARITHMETIC_FLAGS
    -ffp-contract=off
    -DTINYMF_CONTRACTION_OFF
    -fno-fast-math
    -fno-unsafe-math-optimizations
    -fno-associative-math
    -fno-reciprocal-math
    -fsigned-zeros
    -ftrapping-math
    -fno-math-errno
    -fno-strict-aliasing)

# Wrapping integers as a belt for release builds; the sanitizer build runs without, to see overflow.
if(NOT TINYMF_SANITIZE)
    list(APPEND TINYMF_ARITHMETIC_FLAGS -fwrapv)
endif()
