// SPDX-License-Identifier: Apache-2.0
#include "theory/resolvent_loops.hpp"

#include <algorithm>
#include <utility>

namespace tinymf::host {
namespace {

bool is_transposed(char letter) {
    return ((letter - 'A') & 1) != 0;
}

char transpose(char letter) {
    return static_cast<char>('A' + ((letter - 'A') ^ 1));
}

std::string transpose(std::string_view word) {
    std::string turned(word.rbegin(), word.rend());
    std::ranges::transform(turned, turned.begin(), [](char letter) { return transpose(letter); });
    return turned;
}

/// Equal traces, one name: the word that begins with a direct letter and comes first among all
/// rotations and transposes.
std::string canonical(std::string_view word) {
    std::string first;
    for (std::string candidate : {std::string(word), transpose(word)}) {
        for (std::size_t k = 0; k < candidate.size(); ++k) {
            std::rotate(candidate.begin(), candidate.begin() + 1, candidate.end());
            if (!is_transposed(candidate.front()) && (first.empty() || candidate < first)) {
                first = candidate;
            }
        }
    }
    return first;
}

/// What the map holds for the key; found first if it does not.
template <class Find>
std::complex<double> kept(std::unordered_map<std::string, std::complex<double>>& map,
                          const std::string& key, Find&& find) {
    if (const auto present = map.find(key); present != map.end()) {
        return present->second;
    }
    const std::complex<double> value = find();
    return map.emplace(key, value).first->second;
}

} // namespace

ResolventLoops::ResolventLoops(double gain, double reciprocity, bool self_couplings,
                               std::vector<Complex> z)
    : coupling_{gain * gain}, reciprocity_{reciprocity},
      self_couplings_{self_couplings}, z_{std::move(z)} {}

ResolventLoops::Complex ResolventLoops::leading(std::string_view word) {
    if (word.empty()) {
        return 1.0;
    }
    const std::string name = canonical(word);
    return kept(leading_, name, [&] { return find_leading(name); });
}

ResolventLoops::Complex ResolventLoops::correction(std::string_view word) {
    if (word.empty()) {
        return 0.0;
    }
    const std::string name = canonical(word);
    return kept(correction_, name, [&] { return find_correction(name); });
}

ResolventLoops::Complex ResolventLoops::covariance(std::string_view first,
                                                   std::string_view second) {
    if (first.empty() || second.empty()) {
        return 0.0;
    }
    const std::string v = canonical(first);
    const std::string w = canonical(second);
    return kept(covariance_, v + "," + w, [&] { return find_covariance(v, w); });
}

ResolventLoops::Complex ResolventLoops::parameter(char letter) const {
    return z_[static_cast<std::size_t>(letter - 'A') / 2];
}

/// Weight of the term in which the derivative of this letter splits the word in two.
double ResolventLoops::splitting(char letter) const {
    return coupling_ * (is_transposed(letter) ? 1.0 : reciprocity_);
}

/// Weight of the one in which it turns the part before the letter around.
double ResolventLoops::turning(char letter) const {
    return coupling_ * (is_transposed(letter) ? reciprocity_ : 1.0);
}

/// The first and the last letter split off themselves and leave the whole word.
ResolventLoops::Complex ResolventLoops::divisor(const std::string& word) {
    return parameter(word.front()) - splitting(word.front()) * leading(word.substr(0, 1)) -
           splitting(word.back()) * leading(word.substr(word.size() - 1));
}

ResolventLoops::Complex ResolventLoops::find_leading(const std::string& word) {
    if (word.size() == 1) {
        // z s = 1 + eta g^2 s^2, the root that tends to 1/z.
        const Complex z = parameter(word.front());
        Complex root = std::sqrt(z * z - 4.0 * reciprocity_ * coupling_);
        if ((root * std::conj(z)).real() < 0.0) {
            root = -root;
        }
        return 2.0 / (z + root);
    }
    Complex sum = leading(word.substr(1));
    for (std::size_t u = 1; u + 1 < word.size(); ++u) {
        sum += splitting(word[u]) * leading(word.substr(0, u + 1)) * leading(word.substr(u));
    }
    return sum / divisor(word);
}

/// The terms of relative order 1/N that have leading traces only.
ResolventLoops::Complex ResolventLoops::next_order_terms(const std::string& word) {
    Complex sum = 0.0;
    for (std::size_t u = 0; u < word.size(); ++u) {
        const std::string before = word.substr(0, u);
        const std::string from = word.substr(u);
        sum += turning(word[u]) * leading(transpose(before + word[u]) + from);
        if (!self_couplings_) {
            sum -= coupling_ * (1.0 + reciprocity_) * leading(before + word[u]) * leading(from);
        }
    }
    return sum;
}

ResolventLoops::Complex ResolventLoops::find_correction(const std::string& word) {
    const std::string first = word.substr(0, 1);
    Complex sum = next_order_terms(word);
    if (word.size() == 1) {
        return sum / (parameter(word.front()) - 2.0 * splitting(word.front()) * leading(word));
    }
    const std::string last = word.substr(word.size() - 1);
    sum += correction(word.substr(1));
    sum += leading(word) * (splitting(word.front()) * correction(first) +
                            splitting(word.back()) * correction(last));
    for (std::size_t u = 1; u + 1 < word.size(); ++u) {
        const std::string to = word.substr(0, u + 1);
        const std::string from = word.substr(u);
        sum +=
            splitting(word[u]) * (correction(to) * leading(from) + leading(to) * correction(from));
    }
    return sum / divisor(word);
}

/// The derivative of the second trace.
ResolventLoops::Complex ResolventLoops::terms_of_second(const std::string& first,
                                                        const std::string& second) {
    Complex sum = 0.0;
    for (std::size_t v = 0; v < second.size(); ++v) {
        // The second word opened at v, which stands at both ends.
        const std::string opened = second.substr(v) + second.substr(0, v) + second[v];
        sum += turning(second[v]) * leading(transpose(first) + opened);
        sum += splitting(second[v]) * leading(first + opened);
        if (!self_couplings_) {
            sum -= coupling_ * (1.0 + reciprocity_) * leading(first) * leading(opened);
        }
    }
    return sum;
}

ResolventLoops::Complex ResolventLoops::find_covariance(const std::string& first,
                                                        const std::string& second) {
    Complex sum = terms_of_second(first, second);
    if (first.size() == 1) {
        return sum / (parameter(first.front()) - 2.0 * splitting(first.front()) * leading(first));
    }
    sum += covariance(first.substr(1), second);
    sum += leading(first) *
           (splitting(first.front()) * covariance(first.substr(0, 1), second) +
            splitting(first.back()) * covariance(first.substr(first.size() - 1), second));
    for (std::size_t u = 1; u + 1 < first.size(); ++u) {
        const std::string to = first.substr(0, u + 1);
        const std::string from = first.substr(u);
        sum += splitting(first[u]) *
               (covariance(to, second) * leading(from) + leading(to) * covariance(from, second));
    }
    return sum / divisor(first);
}

} // namespace tinymf::host
