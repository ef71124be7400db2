// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "compare/theory_comparison.hpp"
#include "experiment/experiment.hpp"

namespace tinymf::host {

struct CavityRequest {
    std::vector<std::uint16_t> neurons{}; ///< sizes N of the network; empty: the experiment's own
    std::uint32_t networks = 16; ///< of each size, at least 4: their scatter gives the errors
    std::uint32_t added = 16;    ///< neurons added to each, one at a time
    unsigned workers = 1;        ///< networks at a time; the result does not depend on it
};

/// What one size of the network shows.
struct CavitySize {
    std::uint16_t neurons = 0;
    double slope = 0.0; ///< of the reaction on the memory term
    double slope_error = 0.0;
    double residual = 0.0; ///< root mean square of reaction - memory term
    double residual_error = 0.0;
    double memory = 0.0; ///< root mean square of the memory term
    std::vector<TheoryRow> rows;
    // A few hundred pairs of the regression, for a picture.
    std::vector<double> shown_memory;
    std::vector<double> shown_reaction;
};

struct CavityCheck {
    std::string name;
    std::string response; ///< where R_phi and C_phi come from
    bool null_test = false;
    std::uint32_t networks = 0;
    std::uint32_t added = 0;
    std::vector<CavitySize> sizes;
    std::vector<TheoryRow> scaling; ///< of the residual over the sizes, where there are several
    double freedom = 0.0;           ///< degrees of freedom of the standard errors
    double largest_z = 0.0;         ///< allowed, see allowed_z

    [[nodiscard]] bool passed() const;
};

/// The dynamical cavity method's two claims about a neuron added to a large network (Zou & Huang
/// 2023; Roy, Biroli, Bunin & Cammarota 2019), tested on networks:
///
/// 1. the network's reaction is eta g^2 int R_phi(t,s) phi_0(s) ds, up to O(1/sqrt N): the slope of
///    the regression through zero is 1, and the residual falls as 1/sqrt N. Without reciprocity
///    there is no such term: the slope on g^2 int R_phi phi_0 is 0, the null test;
/// 2. the cavity field is Gaussian with covariance g^2 C_phi(t,s).
///
/// R_phi and C_phi are those of the experiment's mean field on its own time grid, from the
/// reference solver: nothing in them was measured on the networks. Standard errors: leaving out one
/// network at a time, and the sampling error of R_phi. Throws HostError (exit code 2) for a mean
/// field, a scheme of several stages, a live stimulus, networks too large to number, a size given
/// twice, and silent networks.
[[nodiscard]] CavityCheck check_cavity(const Experiment& experiment, const CavityRequest& request);

[[nodiscard]] nlohmann::json to_json(const CavityCheck& check);
[[nodiscard]] std::string to_text(const CavityCheck& check);

} // namespace tinymf::host
