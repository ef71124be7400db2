// SPDX-License-Identifier: Apache-2.0
// Prints the digests of every golden scenario; with the argument "flip" one coupling bit is flipped
// first, which must change every line that has couplings; with "flush" the processor makes
// subnormals zero.
#include <cstddef>
#include <cstdio>
#include <memory>
#include <string_view>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

#include "golden/emit.hpp"

namespace {

bool flush_subnormals() {
#if defined(__SSE2__)
    constexpr unsigned results_and_operands = 0x8040;
    _mm_setcsr(_mm_getcsr() | results_and_operands);
    return true;
#else
    return false;
#endif
}

} // namespace

int main(int count, char** arguments) {
    using namespace tinymf::golden;
    const std::string_view sabotage = count > 1 ? arguments[1] : "";
    const bool flip = sabotage == "flip";
    if (sabotage == "flush" && !flush_subnormals()) {
        return 1;
    }
    constexpr std::size_t room = largest_scenario;
    struct alignas(64) Memory {
        std::byte bytes[room];
    };
    const auto memory = std::make_unique<Memory>();
    const auto put = [](char character) { std::putchar(character); };
    write_all<room>(memory->bytes, put, [flip]<class M>(M& model) {
        if constexpr (requires { model.couplings().flip_bit(0, 1, 0); }) {
            if (flip && M::neurons > 1) {
                model.couplings().flip_bit(0, 1, 0);
            }
        }
    });
    return 0;
}
