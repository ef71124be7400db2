// SPDX-License-Identifier: Apache-2.0
#include "models/hosted_mean_field_functions.hpp"

namespace tinymf::host {

using namespace mean_field;

template class HostedMeanField<GaussianClosure<float, 1000>>;
template class HostedMeanField<GaussianClosure<float, 4096>>;
template class HostedMeanField<GaussianClosure<double, 1000>>;
template class HostedMeanField<GaussianClosure<double, 4096>>;

} // namespace tinymf::host
