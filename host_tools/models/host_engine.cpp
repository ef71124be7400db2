// SPDX-License-Identifier: Apache-2.0
#include "models/host_models.hpp"
#include "models/host_profiles.hpp"

namespace tinymf::host {

std::span<const experiment::ProfileInfo> host_profiles() {
    return HostEngine::profiles;
}

experiment::Refusal HostEngine::configure(std::uint8_t profile, stream::ByteReader& wire) {
    return Engine::configure(profile, wire);
}

void HostEngine::step() {
    Engine::step();
}

bool HostEngine::resume(std::uint64_t digest) {
    return Engine::resume(digest);
}

void HostEngine::restart() {
    Engine::restart();
}

experiment::Refusal HostEngine::hold_input(stream::ByteReader& wire) {
    return Engine::hold_input(wire);
}

void HostEngine::write_parameters(stream::ByteWriter& wire) const {
    Engine::write_parameters(wire);
}

void HostEngine::write_held_input(stream::ByteWriter& wire) const {
    Engine::write_held_input(wire);
}

mean_field::Saturation HostEngine::saturation() const {
    return Engine::saturation();
}

bool HostEngine::observation_is_due() const {
    return Engine::observation_is_due();
}

} // namespace tinymf::host
