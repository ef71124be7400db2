// SPDX-License-Identifier: Apache-2.0
// Prints the digests of every golden scenario; with the argument "flip" one coupling bit is flipped
// first, which must change every line that has couplings.
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <memory>

#include "golden/emit.hpp"

int main(int count, char** arguments) {
    using namespace tinymf::golden;
    constexpr std::size_t room = largest_scenario;
    struct alignas(64) Memory {
        std::byte bytes[room];
    };
    const auto memory = std::make_unique<Memory>();
    const auto put = [](char character) { std::putchar(character); };
    const bool flip = count > 1 && std::strcmp(arguments[1], "flip") == 0;
    write_all<room>(memory->bytes, put, [flip]<class M>(M& model) {
        if constexpr (requires { model.couplings().flip_bit(0, 1, 0); }) {
            if (flip && M::neurons > 1) {
                model.couplings().flip_bit(0, 1, 0);
            }
        }
    });
    return 0;
}
