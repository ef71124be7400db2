// SPDX-License-Identifier: Apache-2.0
#pragma once

// Included by every header that computes: equal bits need plain IEEE arithmetic, every operation
// rounded once. A compiler that was told otherwise stops here, with the flag to change. Pragmas are
// not enough: neither gcc's `optimize` nor clang's FP_CONTRACT undoes the command line everywhere.
//
// What a compiler does not tell by a macro is found by the probe of arithmetic_probe.hpp, or not at
// all (clang's -fassociative-math and -freciprocal-math alone). TINYMF_ARITHMETIC_UNCHECKED
// switches both checks off, for tests that must get other bits.
#if !defined(TINYMF_ARITHMETIC_UNCHECKED)

#if defined(__FAST_MATH__)
#error "tinymf: -ffast-math (or -Ofast) changes results; add -fno-fast-math, or use -O2 or -O3"
#endif
#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ != 0
#error "tinymf: -ffinite-math-only hides NaN and infinity; add -fno-finite-math-only"
#endif
#if defined(__ASSOCIATIVE_MATH__)
#error "tinymf: -fassociative-math reorders sums; add -fno-associative-math"
#endif
#if defined(__RECIPROCAL_MATH__)
#error "tinymf: -freciprocal-math changes quotients; add -fno-reciprocal-math"
#endif
#if defined(__NO_SIGNED_ZEROS__)
#error "tinymf: -fno-signed-zeros changes signs of zeros; add -fsigned-zeros"
#endif
#if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0
#error "tinymf: float is computed in a wider format here; on x86 add -mfpmath=sse -msse2"
#endif

// With fused operations in reach, a x + b is rounded once or twice as the compiler likes.
#if !defined(TINYMF_CONTRACTION_OFF) &&                                                            \
    (defined(__FMA__) || defined(__FMA4__) || defined(__ARM_FEATURE_FMA) ||                        \
     defined(__FP_FAST_FMA) || defined(__FP_FAST_FMAF) || defined(__riscv_flen) ||                 \
     defined(__XTENSA__) || defined(__s390x__) || defined(__powerpc64__))
#error "tinymf: this target has fused multiply-add; add -ffp-contract=off -DTINYMF_CONTRACTION_OFF"
#endif

#endif
