// SPDX-License-Identifier: Apache-2.0
#include "models/hosted_network_functions.hpp"

namespace tinymf::host {

using enum model::CouplingKind;

template class HostedNetwork<double, 384, gaussian>;
template class HostedNetwork<double, 512, gaussian>;
template class HostedNetwork<double, 768, gaussian>;
template class HostedNetwork<double, 1024, gaussian>;

} // namespace tinymf::host
