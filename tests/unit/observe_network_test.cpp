// SPDX-License-Identifier: Apache-2.0
// The streaming estimators against the same averages taken in double precision over the states of a
// plain network, which the observed one must follow bit for bit.
//
// Tolerances: float32 sums of n terms of either sign are off by about sqrt(n) units in 2^-24 of the
// largest term; the sums below have 24 * 64 terms of order one, and 1e-5 is four such errors.

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "tinymf/experiment/validation.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/observed_network.hpp"

namespace tinymf {
namespace {

using observe::Observable;
using observe::ObservedArray;

constexpr std::size_t neurons = 24;
constexpr std::size_t lags = 8;
constexpr double float_sums = 1e-5;

template <class T>
using Plain = network::Network<T, neurons, model::CouplingKind::gaussian>;
template <class T>
using Observed = observe::ObservedNetwork<Plain<T>, lags, observe::Covariances::kept>;

template <class T>
experiment::Parameters<T> observed_run() {
    experiment::Parameters<T> p;
    p.gain = T(1.2);
    p.reciprocity = T(0.3);
    p.noise = T(0.5);
    p.dt = T(0.1);
    p.steps = 1000;
    p.replicas = 2;
    p.observation = {.observables = observe::all_observables,
                     .sample_every = 3,
                     .after = 40,
                     .block = 64,
                     .lags = lags,
                     .window = 1};
    return p;
}

/// States of both replicas at steps 0, 1, ..., as a plain network makes them.
template <class T>
using Trajectory = std::vector<std::array<std::vector<double>, 2>>;

template <class T>
Trajectory<T> plain_trajectory(const experiment::Parameters<T>& p) {
    auto network = std::make_unique<Plain<T>>();
    network->configure(p);
    Trajectory<T> trajectory;
    for (std::uint32_t step = 0;; ++step) {
        auto& states = trajectory.emplace_back();
        for (std::size_t r = 0; r < p.replicas; ++r) {
            const auto x = network->state(r);
            states[r].assign(x.begin(), x.end());
        }
        if (step == p.steps) {
            return trajectory;
        }
        network->step();
    }
}

template <class T>
class ObservedNetwork : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_FALSE(experiment::validate(parameters_));
        observed_->configure(parameters_);
        observed_->observe(parameters_.observation);
        trajectory_ = plain_trajectory(parameters_);
    }

    /// To the end of block `b`.
    void run_block(std::uint32_t b) {
        const auto& o = parameters_.observation;
        const std::uint32_t end = o.after + (b + 1) * o.block * o.sample_every;
        while (observed_->step_index() < end) {
            observed_->step();
        }
        ASSERT_TRUE(observed_->observation_is_due());
        first_sample_ = end - (o.block - 1) * o.sample_every;
    }

    /// x_i of replica r at sample k of the block.
    [[nodiscard]] double x(std::size_t r, std::uint32_t k, std::size_t i) const {
        return trajectory_[first_sample_ + k * parameters_.observation.sample_every][r][i];
    }

    [[nodiscard]] std::span<const T> values(ObservedArray array) const {
        return observed_->observed(array).values;
    }

    experiment::Parameters<T> parameters_ = observed_run<T>();
    std::unique_ptr<Observed<T>> observed_ = std::make_unique<Observed<T>>();
    Trajectory<T> trajectory_;
    std::uint32_t first_sample_ = 0;
};

using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(ObservedNetwork, Scalars);

template <class T>
constexpr double tolerance = sizeof(T) == 4 ? float_sums : 1e-12;

TYPED_TEST(ObservedNetwork, FollowsThePlainNetworkBitForBit) {
    for (std::uint32_t step = 1; step <= this->parameters_.steps; ++step) {
        this->observed_->step();
        for (std::size_t r = 0; r < 2; ++r) {
            for (std::size_t i = 0; i < neurons; ++i) {
                ASSERT_EQ(static_cast<double>(this->observed_->state(r)[i]),
                          this->trajectory_[step][r][i]);
            }
        }
    }
    std::printf("%u steps, two replicas: equal\n", this->parameters_.steps);
}

TYPED_TEST(ObservedNetwork, AveragesMoments) {
    this->run_block(1);
    double square = 0.0;
    double mixed = 0.0;
    double population = 0.0;
    const std::uint32_t block = this->parameters_.observation.block;
    for (std::size_t r = 0; r < 2; ++r) {
        for (std::uint32_t k = 0; k < block; ++k) {
            double sum = 0.0;
            for (std::size_t i = 0; i < neurons; ++i) {
                const double x = this->x(r, k, i);
                square += x * x;
                mixed += x * std::tanh(x);
                sum += x;
            }
            population += sum * sum;
        }
    }
    const double terms = 2.0 * block * neurons;
    const auto moments = this->values(ObservedArray::moments);
    const auto moment = [&](observe::Moment m) {
        return static_cast<double>(moments[static_cast<std::size_t>(m)]);
    };
    EXPECT_NEAR(moment(observe::Moment::x_squared), square / terms, tolerance<TypeParam>);
    EXPECT_NEAR(moment(observe::Moment::x_phi), mixed / terms, tolerance<TypeParam>);
    EXPECT_NEAR(moment(observe::Moment::population_x), population / terms, tolerance<TypeParam>);
    EXPECT_NEAR(moment(observe::Moment::slope) + moment(observe::Moment::phi_squared), 1.0,
                tolerance<TypeParam>)
        << "tanh: <phi'> = 1 - <phi^2>";
}

TYPED_TEST(ObservedNetwork, CorrelatesWithStaggeredOrigins) {
    this->run_block(0);
    constexpr std::uint32_t origins = 4;
    const std::uint32_t block = this->parameters_.observation.block;
    for (std::uint32_t lag = 0; lag < lags; ++lag) {
        double sum = 0.0;
        double terms = 0.0;
        for (std::uint32_t o = 0; o < origins; ++o) {
            for (std::uint32_t k = o * std::uint32_t{lags} / origins; k + lag < block;
                 k += std::uint32_t{lags}) {
                for (std::size_t r = 0; r < 2; ++r) {
                    for (std::size_t i = 0; i < neurons; ++i) {
                        sum += this->x(r, k, i) * this->x(r, k + lag, i);
                        terms += 1.0;
                    }
                }
            }
        }
        EXPECT_NEAR(static_cast<double>(this->values(ObservedArray::cx)[lag]), sum / terms,
                    tolerance<TypeParam>)
            << "lag " << lag;
    }
}

TYPED_TEST(ObservedNetwork, KeepsCovariancesAndTheirNorms) {
    this->run_block(0);
    const std::uint32_t block = this->parameters_.observation.block;
    const auto covariance = [&](std::size_t r, std::size_t i, std::size_t j) {
        double sum = 0.0;
        for (std::uint32_t k = 0; k < block; ++k) {
            sum += this->x(r, k, i) * this->x(r, k, j);
        }
        return sum / block;
    };
    const auto a = this->values(ObservedArray::covariance_input_a);
    const auto b = this->values(ObservedArray::covariance_input_b);
    double square_ab = 0.0;
    double trace_a = 0.0;
    double diagonal_ab = 0.0;
    std::size_t entry = 0;
    for (std::size_t i = 0; i < neurons; ++i) {
        for (std::size_t j = 0; j <= i; ++j, ++entry) {
            const double c_a = covariance(0, i, j);
            const double c_b = covariance(1, i, j);
            EXPECT_NEAR(static_cast<double>(a[entry]), c_a, tolerance<TypeParam>);
            EXPECT_NEAR(static_cast<double>(b[entry]), c_b, tolerance<TypeParam>);
            square_ab += (i == j ? 1.0 : 2.0) * c_a * c_b;
            trace_a += i == j ? c_a : 0.0;
            diagonal_ab += i == j ? c_a * c_b : 0.0;
        }
    }
    const auto spread = this->values(ObservedArray::spread_input);
    const auto statistic = [&](observe::CovarianceStatistic s) {
        return static_cast<double>(spread[static_cast<std::size_t>(s)]);
    };
    constexpr double n = neurons;
    EXPECT_NEAR(statistic(observe::CovarianceStatistic::trace_a), trace_a,
                n * tolerance<TypeParam>);
    EXPECT_NEAR(statistic(observe::CovarianceStatistic::square_ab), square_ab,
                n * tolerance<TypeParam>);
    EXPECT_NEAR(statistic(observe::CovarianceStatistic::diagonal_ab), diagonal_ab,
                n * tolerance<TypeParam>);
    std::printf("tr C^A = %.5f, sum C^A C^B = %.5f\n", trace_a, square_ab);
}

/// A block of windows, with the mean of each window in the place of samples, and a mean that is not
/// known to vanish.
TYPED_TEST(ObservedNetwork, TakesWindowMeansAboutTheirMean) {
    auto& p = this->parameters_;
    p.stimulus = model::StimulusKind::constant;
    p.stimulus_amplitude = TypeParam(0.5);
    p.observation.window = 8;
    this->SetUp();
    this->run_block(0);
    const std::uint32_t windows = p.observation.block / p.observation.window;
    const auto mean_of = [&](std::uint32_t w, std::size_t i) {
        double sum = 0.0;
        for (std::uint32_t k = 0; k < p.observation.window; ++k) {
            sum += this->x(0, w * p.observation.window + k, i);
        }
        return sum / p.observation.window;
    };
    double product = 0.0;
    double mean_1 = 0.0;
    double mean_0 = 0.0;
    for (std::uint32_t w = 0; w < windows; ++w) {
        product += mean_of(w, 1) * mean_of(w, 0);
        mean_1 += mean_of(w, 1) / windows;
        mean_0 += mean_of(w, 0) / windows;
    }
    const double length = p.observation.window * p.observation.sample_every * 0.1;
    const double expected = (product - windows * mean_1 * mean_0) / (windows - 1) * length;
    EXPECT_NEAR(static_cast<double>(this->values(ObservedArray::covariance_input_a)[1]), expected,
                10 * tolerance<TypeParam>);
    std::printf("C_10 = %.6f over %u windows of %.1f tau, means %.3f and %.3f\n", expected, windows,
                length, mean_1, mean_0);
}

/// A rectified network has a mean of its own, and an input gives any network one.
TYPED_TEST(ObservedNetwork, CovariancesAreAboutAMeanThatNoSymmetryForbids) {
    auto& p = this->parameters_;
    for (const auto activation : {model::ActivationKind::relu, model::ActivationKind::tanh}) {
        for (const auto stimulus : {model::StimulusKind::none, model::StimulusKind::constant}) {
            p.activation = activation;
            p.gain = TypeParam(0.5);
            p.stimulus = stimulus;
            p.stimulus_amplitude = TypeParam(0.25);
            this->trajectory_.clear();
            this->observed_ = std::make_unique<Observed<TypeParam>>();
            this->SetUp();
            this->run_block(0);
            const std::uint32_t block = p.observation.block;
            double product = 0.0;
            double mean_1 = 0.0;
            double mean_0 = 0.0;
            for (std::uint32_t k = 0; k < block; ++k) {
                product += this->x(0, k, 1) * this->x(0, k, 0);
                mean_1 += this->x(0, k, 1) / block;
                mean_0 += this->x(0, k, 0) / block;
            }
            const bool zero_mean =
                activation == model::ActivationKind::tanh && stimulus == model::StimulusKind::none;
            const double expected =
                zero_mean ? product / block : (product - block * mean_1 * mean_0) / (block - 1);
            EXPECT_NEAR(static_cast<double>(this->values(ObservedArray::covariance_input_a)[1]),
                        expected, tolerance<TypeParam>);
        }
    }
}

TYPED_TEST(ObservedNetwork, IsToldAnewWhatToObserve) {
    this->run_block(1);
    const std::uint64_t once = this->observed_->observations_digest();
    const std::vector<TypeParam> moments(this->values(ObservedArray::moments).begin(),
                                         this->values(ObservedArray::moments).end());
    for (int more = 0; more < 5; ++more) {
        this->observed_->step();
    }
    this->observed_->configure(this->parameters_);
    this->observed_->observe(this->parameters_.observation);
    this->run_block(1);
    EXPECT_EQ(this->observed_->observations_digest(), once);
    EXPECT_EQ(std::vector<TypeParam>(this->values(ObservedArray::moments).begin(),
                                     this->values(ObservedArray::moments).end()),
              moments);
}

TYPED_TEST(ObservedNetwork, IsAPlainOneWhenNothingIsAsked) {
    auto& p = this->parameters_;
    const std::uint64_t before = this->observed_->observations_digest();
    p.observation.observables = 0;
    this->SetUp();
    for (std::uint32_t step = 1; step <= p.steps; ++step) {
        this->observed_->step();
        ASSERT_EQ(this->observed_->step_index(), step);
        ASSERT_FALSE(this->observed_->observation_is_due());
    }
    EXPECT_EQ(this->observed_->observations_digest(), before);
    EXPECT_EQ(static_cast<double>(this->observed_->state(1)[neurons - 1]),
              this->trajectory_.back()[1][neurons - 1]);
    for (std::size_t a = 0; a < observe::observed_arrays.size(); ++a) {
        EXPECT_TRUE(this->values(static_cast<ObservedArray>(a)).empty());
    }
}

TYPED_TEST(ObservedNetwork, SaysWhatWasAskedForOnly) {
    auto& p = this->parameters_;
    p.observation.observables = observe::set_of(Observable::lyapunov);
    p.replicas = 1;
    this->SetUp();
    this->run_block(0);
    for (std::size_t a = 0; a < observe::observed_arrays.size(); ++a) {
        const auto array = static_cast<ObservedArray>(a);
        EXPECT_EQ(this->values(array).size(), array == ObservedArray::lyapunov ? 1U : 0U)
            << observe::observed_arrays[a].name;
    }
    this->observed_->step();
    EXPECT_FALSE(this->observed_->observation_is_due());
}

/// Who is told what a step does.
struct Phases {
    std::vector<observe::WorkPhase> told{};
    void enter(observe::WorkPhase phase) { told.push_back(phase); }
};

TYPED_TEST(ObservedNetwork, TellsWhichPartOfAStepIsItsOwn) {
    using enum observe::WorkPhase;
    Phases phases;
    this->observed_->step(phases);
    EXPECT_EQ(phases.told, (std::vector{observe, activation, mat_vec, update, activation, mat_vec,
                                        update, observe}));
}

/// Numbers of a checkpoint beside both replicas' states and the digest.
TYPED_TEST(ObservedNetwork, ACheckpointHoldsWhatIsAskedForAlone) {
    constexpr std::size_t n = neurons;
    constexpr std::size_t products = 2 * 4 * 3 * n + 5 * lags; // terms are 4 bytes, see below
    constexpr std::size_t covariances = 2 * (2 * (n * (n + 1) / 2 + 2 * n) + 8);
    const std::vector<std::pair<Observable, std::size_t>> expected{
        {Observable::moments, 3 * 8},
        {Observable::autocorrelation, products},
        {Observable::response, products},
        {Observable::participation, covariances},
        {Observable::covariance, covariances},
        {Observable::lyapunov, n + 3},
        {Observable::settling, 2}};
    for (const auto& [observable, numbers] : expected) {
        auto& p = this->parameters_;
        p.observation.observables = observe::set_of(observable);
        this->observed_->configure(p);
        this->observed_->observe(p.observation);
        checkpoint::FieldWalk walk;
        this->observed_->persist(walk);
        const bool has_terms = numbers == products;
        const std::size_t scalars = 2 * n + numbers - (has_terms ? lags : 0);
        EXPECT_EQ(walk.position(),
                  scalars * sizeof(TypeParam) + (has_terms ? 4 * lags : 0) + sizeof(std::uint64_t))
            << static_cast<int>(observable);
    }
}

} // namespace
} // namespace tinymf
