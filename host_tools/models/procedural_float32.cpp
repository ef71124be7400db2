// SPDX-License-Identifier: Apache-2.0
#include "models/hosted_network_functions.hpp"

namespace tinymf::host {

using enum model::CouplingKind;

template class HostedNetwork<float, 32, procedural>;
template class HostedNetwork<float, 64, procedural>;
template class HostedNetwork<float, 128, procedural>;
template class HostedNetwork<float, 256, procedural>;

} // namespace tinymf::host
