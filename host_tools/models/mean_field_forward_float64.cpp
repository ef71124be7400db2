// SPDX-License-Identifier: Apache-2.0
#include "models/hosted_mean_field_functions.hpp"

namespace tinymf::host {

using namespace mean_field;

template class HostedMeanField<ForwardSampler<double, 100, 400>>;
template class HostedMeanField<ForwardSampler<double, 100, 4000>>;

} // namespace tinymf::host
