// SPDX-License-Identifier: Apache-2.0
#include "models/hosted_mean_field_functions.hpp"

namespace tinymf::host {

using namespace mean_field;

template class HostedMeanField<ForwardSampler<float, 16, 32, std::int16_t>>;
template class HostedMeanField<ForwardSampler<float, 60, 128, std::int16_t>>;
template class HostedMeanField<ForwardSampler<float, 100, 400, std::int16_t>>;

} // namespace tinymf::host
