// SPDX-License-Identifier: Apache-2.0
#include "models/hosted_network_functions.hpp"

namespace tinymf::host {

using enum model::CouplingKind;

template class HostedNetwork<float, 16, gaussian>;
template class HostedNetwork<float, 24, gaussian>;
template class HostedNetwork<float, 32, gaussian>;
template class HostedNetwork<float, 48, gaussian>;

} // namespace tinymf::host
