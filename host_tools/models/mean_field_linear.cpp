// SPDX-License-Identifier: Apache-2.0
#include "models/hosted_mean_field_functions.hpp"

namespace tinymf::host {

using namespace mean_field;

template class HostedMeanField<LinearClosure<float, 200>>;
template class HostedMeanField<LinearClosure<float, 1000>>;
template class HostedMeanField<LinearClosure<double, 200>>;
template class HostedMeanField<LinearClosure<double, 1000>>;

} // namespace tinymf::host
