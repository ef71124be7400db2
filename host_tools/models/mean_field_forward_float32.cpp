// SPDX-License-Identifier: Apache-2.0
#include "models/hosted_mean_field_functions.hpp"

namespace tinymf::host {

using namespace mean_field;

template class HostedMeanField<ForwardSampler<float, 100, 400>>;
template class HostedMeanField<ForwardSampler<float, 100, 1024>>;
template class HostedMeanField<ForwardSampler<float, 100, 4000>>;
template class HostedMeanField<ForwardSampler<float, 100, 20000>>;
template class HostedMeanField<ForwardSampler<float, 200, 1024>>;
template class HostedMeanField<ForwardSampler<float, 200, 20000>>;

} // namespace tinymf::host
