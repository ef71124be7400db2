// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tinymf::host {

/// Normalised traces of products of resolvents G(z) = (z - g J)^-1 and their transposes, for the
/// Gaussian couplings of this project, N E[J_ij^2] = 1 and N E[J_ij J_ji] = eta off the diagonal:
///
///     E tr(w)/N = leading(w) + correction(w)/N + ...     Cov(tr v, tr w) = covariance(v, w) + ...
///
/// By integration by parts: z tr(G W) = tr(W) + tr(g J G W), where the derivative of each letter
/// splits the word (the planar terms), or turns a part of it around (the terms of the next order).
/// Valid order by order in g, hence below the critical gain.
///
/// A word is a string of letters made by `direct` and `transposed`. Results are kept: work and
/// memory are those of the distinct words that occur, a few hundred for words of four letters.
class ResolventLoops {
public:
    using Complex = std::complex<double>;

    /// `self_couplings`: whether J_ii is drawn too, with variance (1 + eta)/N, or zero.
    ResolventLoops(double gain, double reciprocity, bool self_couplings, std::vector<Complex> z);

    /// Letter of G(z[k]), and of its transpose.
    [[nodiscard]] static char direct(std::size_t k) { return static_cast<char>('A' + 2 * k); }
    [[nodiscard]] static char transposed(std::size_t k) {
        return static_cast<char>('A' + 2 * k + 1);
    }

    [[nodiscard]] Complex leading(std::string_view word);
    [[nodiscard]] Complex correction(std::string_view word);
    [[nodiscard]] Complex covariance(std::string_view first, std::string_view second);

private:
    [[nodiscard]] Complex parameter(char letter) const;
    [[nodiscard]] double splitting(char letter) const;
    [[nodiscard]] double turning(char letter) const;
    [[nodiscard]] Complex find_leading(const std::string& word);
    [[nodiscard]] Complex find_correction(const std::string& word);
    [[nodiscard]] Complex find_covariance(const std::string& first, const std::string& second);
    [[nodiscard]] Complex divisor(const std::string& word);
    [[nodiscard]] Complex next_order_terms(const std::string& word);
    [[nodiscard]] Complex terms_of_second(const std::string& first, const std::string& second);

    double coupling_; ///< g^2
    double reciprocity_;
    bool self_couplings_;
    std::vector<Complex> z_;
    std::unordered_map<std::string, Complex> leading_;
    std::unordered_map<std::string, Complex> correction_;
    std::unordered_map<std::string, Complex> covariance_;
};

} // namespace tinymf::host
