// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <new>

#include "app/application.hpp"
#include "board.hpp"
#include "profiles.hpp"

namespace tinymf::firmware {
namespace {

using BoardApplication = Application<BoardPort, BoardModels, transmit_capacity>;

// Built in place at start: a constant-initialised object would lie in flash a second time.
alignas(BoardPort) std::byte port_memory[sizeof(BoardPort)];
alignas(BoardApplication) std::byte application_memory[sizeof(BoardApplication)];

} // namespace
} // namespace tinymf::firmware

int main() {
    using namespace tinymf::firmware;
    auto& port = *new (port_memory) BoardPort;
    auto& application = *new (application_memory) BoardApplication(port, TINYMF_BOARD_NAME);
    application.run();
}
