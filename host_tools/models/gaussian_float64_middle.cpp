// SPDX-License-Identifier: Apache-2.0
#include "models/hosted_network_functions.hpp"

namespace tinymf::host {

using enum model::CouplingKind;

template class HostedNetwork<double, 64, gaussian>;
template class HostedNetwork<double, 96, gaussian>;
template class HostedNetwork<double, 128, gaussian>;
template class HostedNetwork<double, 192, gaussian>;
template class HostedNetwork<double, 256, gaussian>;

} // namespace tinymf::host
