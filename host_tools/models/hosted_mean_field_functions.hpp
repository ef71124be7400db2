// SPDX-License-Identifier: Apache-2.0
#pragma once

// For the sources that instantiate HostedMeanField, and no others.

#include "models/hosted_mean_field.hpp"

namespace tinymf::host {

template <class M>
void HostedMeanField<M>::configure(const Parameters& parameters) {
    model_.configure(parameters);
}

template <class M>
void HostedMeanField<M>::step() {
    model_.step();
}

template <class M>
void HostedMeanField<M>::persist(checkpoint::FieldWalk& walk) {
    model_.persist(walk);
}

template <class M>
void HostedMeanField<M>::rebuild() {
    model_.rebuild();
}

template <class M>
model::NonFinite HostedMeanField<M>::first_non_finite() const {
    return model_.first_non_finite();
}

template <class M>
void HostedMeanField<M>::digest_into(observe::Digest& digest) const {
    model_.digest_into(digest);
}

} // namespace tinymf::host
