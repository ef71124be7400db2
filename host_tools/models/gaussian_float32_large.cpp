// SPDX-License-Identifier: Apache-2.0
#include "models/hosted_network_functions.hpp"

namespace tinymf::host {

using enum model::CouplingKind;

template class HostedNetwork<float, 384, gaussian>;
template class HostedNetwork<float, 512, gaussian>;
template class HostedNetwork<float, 768, gaussian>;
template class HostedNetwork<float, 1024, gaussian>;

} // namespace tinymf::host
