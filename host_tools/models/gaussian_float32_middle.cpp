// SPDX-License-Identifier: Apache-2.0
#include "models/hosted_network_functions.hpp"

namespace tinymf::host {

using enum model::CouplingKind;

template class HostedNetwork<float, 64, gaussian>;
template class HostedNetwork<float, 96, gaussian>;
template class HostedNetwork<float, 128, gaussian>;
template class HostedNetwork<float, 192, gaussian>;
template class HostedNetwork<float, 256, gaussian>;

} // namespace tinymf::host
