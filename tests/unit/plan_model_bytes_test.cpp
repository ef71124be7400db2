// SPDX-License-Identifier: Apache-2.0
// RAM of networks that observe themselves, by the size formula of `tinymf plan`, against the sizes
// of the types. On the host they are larger by alignment, up to 64 bytes.

#include <cstddef>
#include <cstdio>
#include <string_view>

#include <gtest/gtest.h>

#include "models/board_info.hpp"
#include "plan/model_bytes.hpp"
#include "tinymf/experiment/profile.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/observed_network.hpp"

namespace tinymf::host {
namespace {

using model::CouplingKind;
using observe::Covariances;

template <std::size_t neurons, CouplingKind coupling, std::size_t lags, Covariances covariances>
void expect_size(std::string_view board) {
    using Model =
        observe::ObservedNetwork<network::Network<float, neurons, coupling>, lags, covariances>;
    const BoardInfo* const planned_for = find_board(board);
    ASSERT_NE(planned_for, nullptr);
    const auto planned = model_bytes(*planned_for, experiment::profile_of<Model>);
    ASSERT_TRUE(planned);
    std::printf("%zu neurons, %zu lags: %zu bytes, %llu planned\n", neurons, lags, sizeof(Model),
                static_cast<unsigned long long>(*planned));
    EXPECT_LE(*planned, sizeof(Model));
    EXPECT_GE(*planned + 64, sizeof(Model));
}

TEST(ModelBytes, OfObservedNetworksAreTheirSizes) {
    for (const std::string_view board : {"mps2-an386", "virt-rv32imac", "microbit"}) {
        expect_size<64, CouplingKind::gaussian, 32, Covariances::kept>(board);
        expect_size<16, CouplingKind::gaussian, 16, Covariances::kept>(board);
        expect_size<100, CouplingKind::gaussian, 7, Covariances::kept>(board);
        expect_size<16, CouplingKind::gaussian, 16, Covariances::none>(board);
        expect_size<48, CouplingKind::gaussian, 40, Covariances::none>(board);
    }
}

} // namespace
} // namespace tinymf::host
