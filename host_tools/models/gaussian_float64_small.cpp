// SPDX-License-Identifier: Apache-2.0
#include "models/hosted_network_functions.hpp"

namespace tinymf::host {

using enum model::CouplingKind;

template class HostedNetwork<double, 16, gaussian>;
template class HostedNetwork<double, 24, gaussian>;
template class HostedNetwork<double, 32, gaussian>;
template class HostedNetwork<double, 48, gaussian>;

} // namespace tinymf::host
