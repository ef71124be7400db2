// SPDX-License-Identifier: Apache-2.0
// Single steps of a network against the schemes written out over its own couplings, fields and
// normals; and what it says of its state. Tolerance: a step of five neurons rounds some forty times
// by 2^-53 of numbers below 10, which is 5e-14.
#include "tinymf/network/network.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numbers>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tinymf/random/stream.hpp"

namespace tinymf::network {
namespace {

constexpr std::size_t neurons = 5;
constexpr double tolerance = 5e-14;
using Net = Network<double, neurons, model::CouplingKind::gaussian>;
using Vector = std::array<double, neurons>;

model::Parameters<double> noisy_run() {
    model::Parameters<double> p;
    p.gain = 1.75;
    p.reciprocity = 0.25;
    p.noise = 0.5;
    p.dt = 0.125;
    p.seed = 3;
    p.stimulus = model::StimulusKind::sine;
    p.stimulus_amplitude = 0.75;
    p.stimulus_frequency = 0.3;
    p.replicas = 2;
    return p;
}

Vector state_of(const Net& network, std::size_t replica) {
    Vector x{};
    const auto state = network.state(replica);
    std::copy(state.begin(), state.end(), x.begin());
    return x;
}

/// The coloured or static noise of a replica, as a checkpoint tells it; zero without.
Vector field_of(const Net& network, std::size_t replica) {
    const auto& p = network.parameters();
    Vector field{};
    if (p.noise_kind == model::NoiseKind::white) {
        return field;
    }
    std::array<std::uint8_t, 2 * 2 * neurons * sizeof(double)> bytes{};
    auto walk = checkpoint::FieldWalk::reading(0, bytes);
    const_cast<Net&>(network).persist(walk); // it only reads
    std::memcpy(field.data(), bytes.data() + (2 * replica + 1) * sizeof field, sizeof field);
    return field;
}

/// F(x, t) = g J tanh(x) + xi + I(t), `half_steps` after the beginning of the step.
Vector drive(const Net& network, const Vector& x, const Vector& field, int half_steps) {
    const auto& p = network.parameters();
    const double t = (network.step_index() + half_steps / 2.0) * p.dt;
    const double input =
        p.stimulus_amplitude * std::sin(2.0 * std::numbers::pi * p.stimulus_frequency * t);
    Vector result{};
    for (std::size_t i = 0; i < neurons; ++i) {
        double sum = 0.0;
        for (std::size_t j = 0; j < neurons; ++j) {
            sum += network.couplings().at(i, j) * std::tanh(x[j]);
        }
        result[i] = p.gain * sum + field[i] + input;
    }
    return result;
}

Vector slope(const Net& network, const Vector& x, const Vector& field, int half_steps) {
    Vector result = drive(network, x, field, half_steps);
    for (std::size_t i = 0; i < neurons; ++i) {
        result[i] -= x[i];
    }
    return result;
}

/// a + s b.
Vector plus(const Vector& a, double s, const Vector& b) {
    Vector sum = a;
    for (std::size_t i = 0; i < neurons; ++i) {
        sum[i] += s * b[i];
    }
    return sum;
}

/// The state one step later; `normals` are those of the step, where its noise is white.
Vector after_step(const Net& network, std::size_t replica, const Vector& normals) {
    const auto& p = network.parameters();
    const Vector x = state_of(network, replica);
    const Vector field = field_of(network, replica);
    const bool white = p.noise_kind == model::NoiseKind::white;
    const double h = p.dt;
    switch (p.integrator) {
    case model::IntegratorKind::euler: {
        const double size = white ? p.noise * std::sqrt(h) : 0.0;
        return plus(plus(x, h, slope(network, x, field, 0)), size, normals);
    }
    case model::IntegratorKind::exponential_euler: {
        const double alpha = std::exp(-h);
        const double size = white ? p.noise * std::sqrt((1.0 - alpha * alpha) / 2.0) : 0.0;
        return plus(plus(plus(Vector{}, alpha, x), 1.0 - alpha, drive(network, x, field, 0)), size,
                    normals);
    }
    case model::IntegratorKind::heun: {
        const double size = white ? p.noise * std::sqrt(h) : 0.0;
        const Vector first = slope(network, x, field, 0);
        const Vector predicted = plus(plus(x, h, first), size, normals);
        const Vector second = slope(network, predicted, field, 2);
        return plus(plus(plus(x, h / 2.0, first), h / 2.0, second), size, normals);
    }
    case model::IntegratorKind::rk4:
        break;
    }
    const Vector k1 = slope(network, x, field, 0);
    const Vector k2 = slope(network, plus(x, h / 2.0, k1), field, 1);
    const Vector k3 = slope(network, plus(x, h / 2.0, k2), field, 1);
    const Vector k4 = slope(network, plus(x, h, k3), field, 2);
    return plus(plus(plus(plus(x, h / 6.0, k1), h / 3.0, k2), h / 3.0, k3), h / 6.0, k4);
}

/// The normals of a step are asked for after it: a second network goes ahead.
void every_step_follows_the_scheme(const model::Parameters<double>& p) {
    Net network;
    Net ahead;
    network.configure(p);
    ahead.configure(p);
    for (int step = 0; step < 6; ++step) {
        ahead.step();
        EXPECT_EQ(ahead.step_index(), network.step_index() + 1);
        for (std::size_t r = 0; r < 2; ++r) {
            Vector normals{};
            if (p.noise_kind == model::NoiseKind::white) {
                ahead.draw_latest_noise(r, normals);
            }
            const Vector expected = after_step(network, r, normals);
            for (std::size_t i = 0; i < neurons; ++i) {
                ASSERT_NEAR(ahead.state(r)[i], expected[i], tolerance)
                    << "step " << step << ", replica " << r << ", neuron " << i;
            }
        }
        network.step();
    }
}

TEST(NetworkSteps, FollowTheirScheme) {
    using enum model::IntegratorKind;
    for (const auto integrator : {euler, exponential_euler, heun, rk4}) {
        for (const auto noise :
             {model::NoiseKind::white, model::NoiseKind::colored, model::NoiseKind::frozen}) {
            auto p = noisy_run();
            p.integrator = integrator;
            p.noise_kind = noise;
            if (integrator == rk4 && noise == model::NoiseKind::white) {
                p.noise = 0.0;
            }
            SCOPED_TRACE(
                std::string(model::integrator_names[static_cast<std::size_t>(integrator)]) + ' ' +
                std::string(model::noise_names[static_cast<std::size_t>(noise)]));
            every_step_follows_the_scheme(p);
        }
    }
}

TEST(NetworkSteps, WithoutNoiseReplicasOfOneStateStayTogether) {
    auto p = noisy_run();
    p.noise = 0.0;
    p.initial = model::InitialKind::zero;
    Net network;
    network.configure(p);
    for (int step = 0; step < 20; ++step) {
        network.step();
    }
    EXPECT_EQ(state_of(network, 0), state_of(network, 1));
    EXPECT_NE(state_of(network, 0), Vector{});
}

TEST(NetworkSteps, BeginWithTheDrawnStateTimesItsScale) {
    auto p = noisy_run();
    p.initial_scale = 2.5;
    for (std::uint32_t r = 0; r < 2; ++r) {
        Vector normals{};
        Vector uniforms{};
        random::NormalStream<double>(p.seed, random::Purpose::initial, r).fill(normals, 0);
        random::UniformStream<double>(p.seed, random::Purpose::initial, r).fill(uniforms, 0);
        Net network;
        p.initial = model::InitialKind::normal;
        network.configure(p);
        EXPECT_EQ(state_of(network, r), plus(Vector{}, 2.5, normals));
        p.initial = model::InitialKind::uniform;
        network.configure(p);
        EXPECT_EQ(state_of(network, r), plus(Vector{}, 2.5, uniforms));
        p.initial = model::InitialKind::zero;
        network.configure(p);
        EXPECT_EQ(state_of(network, r), Vector{});
        EXPECT_EQ(network.step_index(), 0U);
    }
}

TEST(NetworkState, AKickReachesEveryNeuronOfItsReplica) {
    Net network;
    network.configure(noisy_run());
    const std::array<Vector, 2> before{state_of(network, 0), state_of(network, 1)};
    const Vector kick{1.0, -2.0, 3.0, -4.0, 5.0};
    network.perturb(1, kick);
    EXPECT_EQ(state_of(network, 0), before[0]);
    EXPECT_EQ(state_of(network, 1), plus(before[1], 1.0, kick));
    network.perturb(0, kick);
    EXPECT_EQ(state_of(network, 0), plus(before[0], 1.0, kick));
}

TEST(NetworkState, EveryNeuronThatIsNotFiniteIsNamed) {
    for (std::size_t r = 0; r < 2; ++r) {
        for (std::size_t i = 0; i < neurons; ++i) {
            Net network;
            network.configure(noisy_run());
            EXPECT_FALSE(network.first_non_finite().found);
            Vector kick{};
            kick[i] = std::numeric_limits<double>::infinity();
            network.perturb(r, kick);
            const model::NonFinite place = network.first_non_finite();
            EXPECT_TRUE(place.found);
            EXPECT_EQ(place.quantity, model::Quantity::state);
            EXPECT_EQ(place.part, r);
            EXPECT_EQ(place.element, i);
            kick = {};
            kick.back() = std::numeric_limits<double>::quiet_NaN();
            network.perturb(1, kick);
            EXPECT_EQ(network.first_non_finite().element, i) << "the first is named";
        }
    }
    auto p = noisy_run();
    p.replicas = 1;
    Net alone;
    alone.configure(p);
    alone.perturb(1, Vector{0, 0, 0, 0, std::numeric_limits<double>::infinity()});
    EXPECT_FALSE(alone.first_non_finite().found) << "a replica that does not run";
}

std::uint64_t digest_of(const Net& network) {
    observe::Digest digest;
    network.digest_into(digest);
    return digest.value();
}

/// Numbers of x and field of each replica that runs.
std::size_t persisted(Net& network) {
    checkpoint::FieldWalk walk;
    network.persist(walk);
    return walk.position() / sizeof(double);
}

TEST(NetworkState, TheDigestIsOfEveryNumberThatTheNextStepNeeds) {
    using model::NoiseKind;
    struct Case {
        NoiseKind kind;
        double noise;
        bool field;
    };
    for (const auto& [kind, noise, field] :
         {Case{NoiseKind::white, 0.5, false}, Case{NoiseKind::colored, 0.5, true},
          Case{NoiseKind::frozen, 0.5, true}, Case{NoiseKind::colored, 0.0, false}}) {
        for (const std::uint8_t replicas : {std::uint8_t{1}, std::uint8_t{2}}) {
            auto p = noisy_run();
            p.noise_kind = kind;
            p.noise = noise;
            p.replicas = replicas;
            Net network;
            network.configure(p);
            network.step();
            EXPECT_EQ(persisted(network), replicas * neurons * (field ? 2U : 1U));
            observe::Digest digest;
            for (std::size_t r = 0; r < replicas; ++r) {
                for (const double x : state_of(network, r)) {
                    digest.add(x);
                }
                for (const double xi : field ? field_of(network, r) : Vector{}) {
                    if (field) {
                        digest.add(xi);
                    }
                }
            }
            EXPECT_EQ(digest_of(network), digest.value());
        }
    }
}

TEST(NetworkState, TheDigestHasTheLiveInputWhereThereIsOne) {
    auto p = noisy_run();
    p.stimulus = model::StimulusKind::live;
    Net network;
    network.configure(p);
    std::set<std::uint64_t> digests{digest_of(network)};
    network.hold_input(0.5);
    digests.insert(digest_of(network));
    EXPECT_EQ(network.held_input(), 0.5);
    auto other = noisy_run();
    network.configure(other);
    digests.insert(digest_of(network));
    EXPECT_EQ(digests.size(), 3U);
    observe::Digest states_alone;
    for (std::size_t r = 0; r < 2; ++r) {
        for (const double x : state_of(network, r)) {
            states_alone.add(x);
        }
    }
    EXPECT_EQ(digest_of(network), states_alone.value());
}

TEST(NetworkState, TheCouplingsDigestIsOfAllEntriesRowByRow) {
    Net network;
    network.configure(noisy_run());
    observe::Digest digest;
    for (std::size_t i = 0; i < neurons; ++i) {
        for (std::size_t j = 0; j < neurons; ++j) {
            digest.add(network.couplings().at(i, j));
        }
    }
    EXPECT_EQ(network.couplings_digest(), digest.value());
    const std::uint64_t before = network.couplings_digest();
    for (std::size_t i = 0; i < neurons; ++i) {
        for (std::size_t j = 0; j < neurons; ++j) {
            network.couplings().flip_bit(i, j, 0);
            EXPECT_NE(network.couplings_digest(), before) << i << ' ' << j;
            network.couplings().flip_bit(i, j, 0);
        }
    }
}

/// Who is told what a step does.
struct Phases {
    std::vector<observe::WorkPhase> told{};
    void enter(observe::WorkPhase phase) { told.push_back(phase); }
};

TEST(NetworkSteps, TellWhatTheyDo) {
    using enum observe::WorkPhase;
    const std::vector<std::pair<model::IntegratorKind, std::size_t>> stages{
        {model::IntegratorKind::euler, 1},
        {model::IntegratorKind::exponential_euler, 1},
        {model::IntegratorKind::heun, 2},
        {model::IntegratorKind::rk4, 4}};
    for (const auto& [integrator, count] : stages) {
        auto p = noisy_run();
        p.noise = 0.0;
        p.integrator = integrator;
        Net network;
        network.configure(p);
        Phases phases;
        network.step(phases);
        std::vector<observe::WorkPhase> expected;
        for (std::size_t stage = 0; stage < 2 * count; ++stage) { // of two replicas
            expected.insert(expected.end(), {activation, mat_vec, update});
        }
        EXPECT_EQ(phases.told, expected);
    }
}

} // namespace
} // namespace tinymf::network
