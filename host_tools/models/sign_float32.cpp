// SPDX-License-Identifier: Apache-2.0
#include "models/hosted_network_functions.hpp"

namespace tinymf::host {

using enum model::CouplingKind;

template class HostedNetwork<float, 32, sign>;
template class HostedNetwork<float, 64, sign>;
template class HostedNetwork<float, 128, sign>;
template class HostedNetwork<float, 256, sign>;

} // namespace tinymf::host
