// SPDX-License-Identifier: Apache-2.0
#include "board.hpp"
int main() {
    using namespace tinymf::firmware;
    BoardPort port;
    port.init();
    const char text[] = "hello\n";
    port.write({reinterpret_cast<const std::uint8_t*>(text), 6});
    std::uint8_t b[64];
    for (;;) {
        port.wait(0, 0);
        auto n = port.read(b);
        port.write({b, n});
    }
}
