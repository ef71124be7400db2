// SPDX-License-Identifier: Apache-2.0
#include "models/hosted_mean_field_functions.hpp"

namespace tinymf::host {

using namespace mean_field;

template class HostedMeanField<StationaryRun<float>>;
template class HostedMeanField<StationaryRun<double>>;

} // namespace tinymf::host
