// SPDX-License-Identifier: Apache-2.0
#include "export/state_source.hpp"

namespace tinymf::host {

StateSource states_in(const Recording& recording) {
    return [&recording](std::size_t replica, const auto& use) {
        const StateTrace& trace = recording.replicas.at(replica);
        for (std::size_t k = 0; k < trace.steps.size(); ++k) {
            use(trace.steps[k], recording.vector_of(static_cast<std::uint8_t>(replica), k));
        }
    };
}

StateSource states_in(const std::filesystem::path& capture) {
    return [capture](std::size_t wanted, const auto& use) {
        static_cast<void>(read_recording(
            capture, [&](std::uint8_t replica, std::uint32_t step, std::span<const double> state) {
                if (replica == wanted) {
                    use(step, state);
                }
            }));
    };
}

} // namespace tinymf::host
