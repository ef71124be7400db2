// SPDX-License-Identifier: Apache-2.0
// What a device says of itself, field by field, and which of its profiles a run takes.
#include "capture/device_introduction.hpp"

#include <array>
#include <bit>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "capture/profile_choice.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::host {
namespace {

using experiment::ModelKind;
using experiment::ProfileInfo;
using experiment::ScalarKind;
using mean_field::Method;
using test::Bytes;

template <class V>
void put(Bytes& bytes, V value) {
    const auto parts = std::bit_cast<std::array<std::uint8_t, sizeof(V)>>(value);
    bytes.insert(bytes.end(), parts.begin(), parts.end());
}

void put_text(Bytes& bytes, const std::string& text) {
    bytes.push_back(static_cast<std::uint8_t>(text.size()));
    bytes.insert(bytes.end(), text.begin(), text.end());
}

Bytes hello(const std::string& version = "1.2") {
    Bytes bytes;
    put(bytes, std::uint16_t{0x0201});
    put(bytes, std::uint16_t{0x0403});
    put_text(bytes, version);
    put_text(bytes, "hash");
    put_text(bytes, "gcc 12");
    put(bytes, std::uint32_t{0x0807'0605});
    put_text(bytes, "board");
    put(bytes, std::uint8_t{9});
    put(bytes, std::uint32_t{0x0D0C'0B0A});
    put(bytes, std::uint32_t{0x1110'0F0E});
    put(bytes, std::uint32_t{0x1514'1312});
    put(bytes, std::uint8_t{22});
    put(bytes, std::uint8_t{23});
    return bytes;
}

TEST(Introduction, IsReadFieldByField) {
    const auto device = read_hello(hello());
    ASSERT_TRUE(device);
    EXPECT_EQ(device->protocol, 0x0201);
    EXPECT_EQ(device->incompatible_features, 0x0403);
    EXPECT_EQ(device->version, "1.2");
    EXPECT_EQ(device->git_hash, "hash");
    EXPECT_EQ(device->compiler, "gcc 12");
    EXPECT_EQ(device->flags_fingerprint, 0x0807'0605U);
    EXPECT_EQ(device->board, "board");
    EXPECT_EQ(device->reset_cause, 9);
    EXPECT_EQ(device->boots, 0x0D0C'0B0AU);
    EXPECT_EQ(device->float_mode, 0x1110'0F0EU);
    EXPECT_EQ(device->counter_rate, 0x1514'1312U);
    EXPECT_EQ(device->counter_unit, 22);
    EXPECT_EQ(device->announced_profiles, 23);
    EXPECT_TRUE(device->profiles.empty());
}

TEST(Introduction, MayGrowButNotShrink) {
    const Bytes whole = hello();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(
            read_hello(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))))
            << size;
    }
    Bytes later = whole;
    later.push_back(1);
    EXPECT_TRUE(read_hello(later));
    const std::string longest(255, 'x');
    EXPECT_EQ(read_hello(hello(longest))->version, longest);
    EXPECT_EQ(read_hello(hello("1\x1B[2J"))->version.find('\x1B'), std::string::npos);
}

void put_profile(Bytes& bytes, std::uint8_t kind, std::uint16_t neurons_or_bits) {
    put(bytes, kind);
    put(bytes, std::uint8_t{1});
    put(bytes, std::uint8_t{2});
    put(bytes, std::uint8_t{3});
    put(bytes, neurons_or_bits);
    put(bytes, std::uint16_t{0x0706});
    put(bytes, std::uint32_t{0x0B0A'0908});
    put(bytes, std::uint8_t{12});
    put(bytes, std::uint16_t{0x0E0D});
    put(bytes, std::uint32_t{0x1211'100F});
}

TEST(Introduction, AddsProfilesInTheirOrder) {
    DeviceIntroduction device;
    device.announced_profiles = 3;
    Bytes two{0};
    put_profile(two, 0, 0x0504);
    put_profile(two, 1, 16);
    EXPECT_TRUE(add_profiles(device, two));
    EXPECT_FALSE(is_complete(device));
    const ProfileInfo network{.kind = ModelKind::network,
                              .scalar = ScalarKind::float64,
                              .coupling = static_cast<model::CouplingKind>(2),
                              .method = Method::forward,
                              .replicas = 3,
                              .neurons = 0x0504,
                              .points = 0x0706,
                              .trajectories = 0x0B0A'0908,
                              .path_bits = 0,
                              .observables = 12,
                              .lags = 0x0E0D,
                              .bytes = 0x1211'100F};
    ProfileInfo field = network;
    field.kind = ModelKind::mean_field;
    field.coupling = model::CouplingKind::gaussian;
    field.method = static_cast<Method>(2);
    field.neurons = 0;
    field.path_bits = 16;
    ASSERT_EQ(device.profiles.size(), 2U);
    EXPECT_EQ(device.profiles[0], network);
    EXPECT_EQ(device.profiles[1], field);
    Bytes third{2};
    put_profile(third, 0, 1);
    Bytes torn(third.begin(), third.end() - 1);
    DeviceIntroduction copy = device;
    EXPECT_FALSE(add_profiles(copy, torn));
    EXPECT_FALSE(add_profiles(device, two)) << "it begins with the first again";
    EXPECT_FALSE(add_profiles(device, {}));
    EXPECT_TRUE(add_profiles(device, third));
    EXPECT_TRUE(is_complete(device));
    Bytes fourth{3};
    put_profile(fourth, 0, 1);
    EXPECT_TRUE(add_profiles(device, fourth));
    EXPECT_FALSE(is_complete(device)) << "one more than announced";
    EXPECT_FALSE(is_complete({})) << "of none a run can be made";
}

TEST(ProfileText, NamesWhatARunMustKnow) {
    ProfileInfo network{.neurons = 64};
    EXPECT_EQ(profile_text(network), "float32 gaussian N=64");
    network.coupling = model::CouplingKind::sign;
    network.scalar = ScalarKind::float64;
    network.lags = 32;
    EXPECT_EQ(profile_text(network), "float64 sign N=64");
    network.observables = observe::set_of(observe::Observable::moments);
    EXPECT_EQ(profile_text(network), "float64 sign N=64 observed (32 lags)");
    for (const auto covariance :
         {observe::Observable::participation, observe::Observable::covariance}) {
        network.observables = observe::set_of(covariance);
        EXPECT_EQ(profile_text(network), "float64 sign N=64 observed (32 lags, covariances)");
    }
    ProfileInfo field{.kind = ModelKind::mean_field,
                      .method = Method::forward,
                      .points = 100,
                      .trajectories = 400,
                      .path_bits = 32};
    EXPECT_EQ(profile_text(field), "float32 forward n=100 M=400");
    field.path_bits = 16;
    EXPECT_EQ(profile_text(field), "float32 forward n=100 M=400 fixed16");
    field.method = Method::linear;
    EXPECT_EQ(profile_text(field), "float32 linear n=100");
    field.method = Method::stationary;
    EXPECT_EQ(profile_text(field), "float32 stationary");
    field.scalar = static_cast<ScalarKind>(2);
    EXPECT_EQ(profile_text(field), "unknown stationary");
}

TEST(Profile, ServesWhatHasItsShapeAndAsksNoMore) {
    const ProfileInfo wanted{
        .replicas = 2, .neurons = 64, .points = 100, .observables = 3, .lags = 16};
    EXPECT_TRUE(serves(wanted, wanted));
    const auto offered = [&wanted](auto change) {
        ProfileInfo profile = wanted;
        change(profile);
        return serves(profile, wanted);
    };
    using P = ProfileInfo;
    EXPECT_TRUE(offered([](P& p) { p.replicas = 3; }));
    EXPECT_FALSE(offered([](P& p) { p.replicas = 1; }));
    EXPECT_TRUE(offered([](P& p) { p.points = 101; }));
    EXPECT_FALSE(offered([](P& p) { p.points = 99; }));
    EXPECT_TRUE(offered([](P& p) { p.observables = 7; }));
    EXPECT_FALSE(offered([](P& p) { p.observables = 5; }));
    EXPECT_TRUE(offered([](P& p) { p.lags = 17; }));
    EXPECT_FALSE(offered([](P& p) { p.lags = 15; }));
    EXPECT_TRUE(offered([](P& p) { p.bytes = 99; }));
    EXPECT_FALSE(offered([](P& p) { p.neurons = 65; }));
    EXPECT_FALSE(offered([](P& p) { p.kind = ModelKind::mean_field; }));
    EXPECT_FALSE(offered([](P& p) { p.scalar = ScalarKind::float64; }));
    EXPECT_FALSE(offered([](P& p) { p.coupling = model::CouplingKind::sign; }));
    EXPECT_FALSE(offered([](P& p) { p.method = Method::linear; }));
    EXPECT_FALSE(offered([](P& p) { p.trajectories = 1; }));
    EXPECT_FALSE(offered([](P& p) { p.path_bits = 16; }));
    // The bits of a sampler depend on the size of its grid.
    ProfileInfo sampler{.kind = ModelKind::mean_field, .points = 100, .trajectories = 400};
    ProfileInfo larger = sampler;
    larger.points = 101;
    EXPECT_TRUE(serves(sampler, sampler));
    EXPECT_FALSE(serves(larger, sampler));
}

Experiment network_experiment() {
    return parse_experiment("schema = 1\n[model]\nsteps = 20\n[network]\nneurons = 48\n"
                            "replicas = 2\nscalar = \"float64\"\ncoupling = \"sign\"\n",
                            "x.toml");
}

TEST(WantedProfile, OfANetworkAsksForItsSizeAndWhatItObserves) {
    Experiment experiment = network_experiment();
    ProfileInfo expected{.scalar = ScalarKind::float64,
                         .coupling = model::CouplingKind::sign,
                         .replicas = 2,
                         .neurons = 48};
    EXPECT_EQ(wanted_profile(experiment), expected);
    experiment.parameters.observation.observables = 5;
    experiment.parameters.observation.lags = 7;
    expected.observables = 5;
    expected.lags = 7;
    EXPECT_EQ(wanted_profile(experiment), expected);
}

TEST(WantedProfile, OfAMeanFieldAsksForItsMethod) {
    Experiment experiment;
    experiment.kind = ModelKind::mean_field;
    experiment.parameters.replicas = 3;
    experiment.mean_field = {};
    experiment.mean_field.method = Method::linear;
    experiment.mean_field.points = 50;
    experiment.mean_field.trajectories = 300;
    const ProfileInfo closure = wanted_profile(experiment);
    EXPECT_EQ(closure.kind, ModelKind::mean_field);
    EXPECT_EQ(closure.method, Method::linear);
    EXPECT_EQ(closure.points, 50);
    EXPECT_EQ(closure.replicas, 3);
    EXPECT_EQ(closure.trajectories, 0U);
    EXPECT_EQ(closure.path_bits, 0);
    experiment.mean_field.method = Method::stationary;
    EXPECT_EQ(wanted_profile(experiment).points, 0) << "any number of lags";
    experiment.mean_field.method = Method::forward;
    for (const auto& [scalar, storage, bits] :
         {std::tuple{ScalarKind::float32, mean_field::PathStorage::fixed16, 16},
          std::tuple{ScalarKind::float64, mean_field::PathStorage::fixed16, 16},
          std::tuple{ScalarKind::float32, mean_field::PathStorage::scalar, 32},
          std::tuple{ScalarKind::float64, mean_field::PathStorage::scalar, 64}}) {
        experiment.mean_field.scalar = scalar;
        experiment.mean_field.storage = storage;
        EXPECT_EQ(wanted_profile(experiment).path_bits, bits);
        EXPECT_EQ(wanted_profile(experiment).trajectories, 300U);
        EXPECT_EQ(wanted_profile(experiment).points, 50);
    }
}

TEST(ChosenProfile, IsTheSmallestThatServes) {
    const Experiment experiment = network_experiment();
    ProfileInfo right = wanted_profile(experiment);
    DeviceIntroduction device;
    ProfileInfo other = right;
    other.neurons = 64;
    other.bytes = 1;
    for (const std::uint32_t bytes : {300U, 100U, 200U, 100U}) {
        right.bytes = bytes;
        device.profiles.push_back(right);
    }
    device.profiles.insert(device.profiles.begin(), other);
    EXPECT_EQ(choose_profile(experiment, device), 2) << "the first of the two smallest";
}

std::string refusal_of(const Experiment& experiment, const DeviceIntroduction& device) {
    try {
        static_cast<void>(choose_profile(experiment, device));
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_bad_input);
        return error.what();
    }
    return "none";
}

TEST(ChosenProfile, ThatIsMissingIsNamedWithTheLineToAdd) {
    Experiment experiment = network_experiment();
    DeviceIntroduction device;
    device.board = "nucleo";
    const std::string head = "x.toml: nucleo has no profile float64 sign N=48; it has ";
    const auto add = [](const std::string& type) {
        return "add Sized<" + type +
               ", BYTES> to firmware/boards/nucleo/profiles.hpp and run "
               "toolchain/dev build nucleo, which names the right BYTES";
    };
    const std::string network = "network::Network<double, 48, model::CouplingKind::sign>";
    EXPECT_EQ(refusal_of(experiment, device), head + "none of this kind; " + add(network));
    // What others observe is of no interest here; mean fields are of another kind.
    device.profiles = {{.neurons = 64, .observables = 127, .lags = 32},
                       {.kind = ModelKind::mean_field},
                       {.neurons = 32}};
    EXPECT_EQ(refusal_of(experiment, device),
              head + "float32 gaussian N=64, float32 gaussian N=32; " + add(network));
    device.board = "host";
    EXPECT_EQ(
        refusal_of(experiment, device),
        "x.toml: host has no profile float64 sign N=48; it has float32 gaussian N=64, float32 "
        "gaussian N=32; add " +
            network +
            " to host_tools/models: to host_models.hpp, and a line to the source of its kind "
            "and scalar; then run toolchain/dev build host");
    device.board = "nucleo";
    device.profiles.pop_back();
    auto& observation = experiment.parameters.observation;
    observation.lags = 7;
    for (const auto& [observable, kept] : {std::pair{observe::Observable::moments, "none"},
                                           std::pair{observe::Observable::covariance, "kept"}}) {
        observation.observables = observe::set_of(observable);
        const std::string text = refusal_of(experiment, device);
        EXPECT_NE(text.find("it has float32 gaussian N=64 observed (32 lags, covariances); " +
                            add("observe::ObservedNetwork<" + network +
                                ", 7, observe::Covariances::" + kept + ">")),
                  std::string::npos)
            << text;
    }
}

TEST(ChosenProfile, OfEveryMethodIsSpelledAsInCpp) {
    Experiment experiment;
    experiment.kind = ModelKind::mean_field;
    experiment.mean_field.points = 50;
    experiment.mean_field.trajectories = 300;
    DeviceIntroduction device;
    device.board = "nucleo";
    const auto type_of = [&] {
        const std::string text = refusal_of(experiment, device);
        const std::size_t begin = text.find("Sized<") + 6;
        return text.substr(begin, text.find(", BYTES>") - begin);
    };
    auto& shape = experiment.mean_field;
    shape.scalar = ScalarKind::float32;
    shape.method = Method::linear;
    EXPECT_EQ(type_of(), "mean_field::LinearClosure<float, 50>");
    shape.method = Method::gaussian_closure;
    shape.scalar = ScalarKind::float64;
    EXPECT_EQ(type_of(), "mean_field::GaussianClosure<double, 50>");
    shape.method = Method::stationary;
    EXPECT_EQ(type_of(), "mean_field::StationaryRun<double>");
    shape.method = Method::forward;
    shape.storage = mean_field::PathStorage::scalar;
    EXPECT_EQ(type_of(), "mean_field::ForwardSampler<double, 50, 300>");
    shape.storage = mean_field::PathStorage::fixed16;
    EXPECT_EQ(type_of(), "mean_field::ForwardSampler<double, 50, 300, std::int16_t>");
}

} // namespace
} // namespace tinymf::host
