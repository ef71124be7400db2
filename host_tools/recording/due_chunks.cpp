// SPDX-License-Identifier: Apache-2.0
#include "recording/due_chunks.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include <fmt/format.h>

#include "tinymf/mean_field/two_time_row.hpp"
#include "tinymf/observe/observable.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::host {
namespace {

using stream::Kind;

constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

/// The smallest multiple of `every` from `from` on; never for 0.
std::uint64_t next_multiple(std::uint64_t from, std::uint32_t every) {
    return every == 0 ? never : (from + every - 1) / every * every;
}

template <class T>
std::size_t values_of_frame(Kind kind) {
    switch (kind) {
    case Kind::state:
        return stream::values_in<stream::StateFrame, T>;
    case Kind::observe:
        return stream::values_in<stream::ObserveFrame, T>;
    default:
        return stream::values_in<stream::RowFrame, T>;
    }
}

} // namespace

std::string to_text(const DataChunk& chunk) {
    const auto elements = [&chunk] {
        return fmt::format("elements {} to {}", chunk.first, chunk.first + chunk.count - 1);
    };
    switch (chunk.kind) {
    case Kind::state:
        return fmt::format("STATE of step {}, replica {}, {}", chunk.step, chunk.channel,
                           elements());
    case Kind::observe:
        return fmt::format("OBSERVE of step {}, {}, {}", chunk.step,
                           observe::observed_arrays.at(chunk.channel).name, elements());
    case Kind::row:
        return fmt::format("ROW of step {}, {}, {}", chunk.step,
                           mean_field::two_time_names.at(chunk.channel), elements());
    default:
        return fmt::format("DIGEST of step {}", chunk.step);
    }
}

DueChunks::DueChunks(const experiment::ProfileInfo& profile,
                     const experiment::Parameters<double>& parameters, std::uint32_t begin)
    : profile_{profile}, parameters_{parameters},
      last_step_{profile.kind == experiment::ModelKind::network
                     ? parameters.steps
                     : parameters.replicas * (parameters.steps + 1U) - 1U} {
    go_to_next_due(begin);
}

std::optional<DataChunk> DueChunks::present() const {
    if (step_ > last_step_) {
        return std::nullopt;
    }
    const Vector& vector = vectors_[vector_];
    const auto step = static_cast<std::uint32_t>(step_);
    if (vector.kind == Kind::digest) {
        return DataChunk{.kind = Kind::digest, .step = step};
    }
    return DataChunk{.kind = vector.kind,
                     .step = step,
                     .channel = vector.channel,
                     .first = first_,
                     .count = std::min(vector.size - first_, chunk_size(vector.kind))};
}

void DueChunks::pass() {
    const auto chunk = present();
    if (!chunk) {
        return;
    }
    first_ += chunk->count;
    if (first_ == vectors_[vector_].size) {
        first_ = 0;
        ++vector_;
    }
    if (vector_ == vectors_.size()) {
        go_to_next_due(step_ + 1);
    }
}

void DueChunks::go_to_next_due(std::uint64_t from) {
    vector_ = 0;
    first_ = 0;
    for (step_ = next_due(from); step_ <= last_step_; step_ = next_due(step_ + 1)) {
        list_vectors();
        if (!vectors_.empty()) {
            return;
        }
    }
}

/// The digest of the last step is always due.
std::uint64_t DueChunks::next_due(std::uint64_t from) const {
    const std::uint64_t last = from <= last_step_ ? last_step_ : never;
    return std::min({next_state(from), next_multiple(from, parameters_.digest_every),
                     next_block_end(from), last});
}

/// Rows of a mean field are counted from the start of their population.
std::uint64_t DueChunks::next_state(std::uint64_t from) const {
    const std::uint32_t every = parameters_.state_every;
    if (every == 0) {
        return never;
    }
    if (profile_.kind == experiment::ModelKind::network) {
        return next_multiple(from, every);
    }
    const std::uint64_t points = parameters_.steps + std::uint64_t{1};
    const std::uint64_t population_begin = from / points * points;
    const std::uint64_t row = next_multiple(from - population_begin, every);
    return row < points ? population_begin + row : population_begin + points;
}

std::uint64_t DueChunks::next_block_end(std::uint64_t from) const {
    const observe::ObservationParameters& o = parameters_.observation;
    if (profile_.kind != experiment::ModelKind::network || o.observables == 0) {
        return never;
    }
    const std::uint64_t block = std::uint64_t{o.sample_every} * o.block;
    const std::uint64_t passed = from > o.after ? from - o.after : 1;
    return o.after + (passed + block - 1) / block * block;
}

void DueChunks::list_vectors() {
    vectors_.clear();
    if (next_state(step_) == step_) {
        profile_.kind == experiment::ModelKind::network ? list_states() : list_rows();
    }
    if (next_block_end(step_) == step_) {
        list_estimates();
    }
    if (step_ == last_step_ || next_multiple(step_, parameters_.digest_every) == step_) {
        vectors_.push_back({Kind::digest, 0, 0});
    }
}

void DueChunks::list_states() {
    for (std::uint8_t replica = 0; replica < parameters_.replicas; ++replica) {
        vectors_.push_back({Kind::state, replica, profile_.neurons});
    }
}

/// Row t of a correlation has the columns 0..t, of a response 0..t-1; a stationary run has one
/// number a row, and its last row brings the Lyapunov exponent.
void DueChunks::list_rows() {
    using enum mean_field::TwoTimeArray;
    const auto row = static_cast<std::uint32_t>(step_ % (parameters_.steps + std::uint64_t{1}));
    const bool stationary = profile_.method == mean_field::Method::stationary;
    const auto add = [this](mean_field::TwoTimeArray array, std::uint32_t size) {
        if (size != 0) {
            vectors_.push_back({Kind::row, static_cast<std::uint8_t>(array), size});
        }
    };
    add(state_correlation, stationary ? 1 : row + 1);
    add(output_correlation, stationary ? 1 : row + 1);
    add(state_response, stationary ? 1 : row);
    add(output_response, stationary ? 1 : row);
    if (!stationary) {
        add(mean, 1);
    } else if (row == parameters_.steps) {
        add(lyapunov, 1);
    }
}

void DueChunks::list_estimates() {
    const observe::ObservationParameters& o = parameters_.observation;
    for (std::uint8_t a = 0; a < observe::observed_arrays.size(); ++a) {
        const auto array = static_cast<observe::ObservedArray>(a);
        if (o.asks_for(array, parameters_.replicas)) {
            const std::size_t size = observe::size_of(array, profile_.neurons, o.lags);
            vectors_.push_back({Kind::observe, a, static_cast<std::uint32_t>(size)});
        }
    }
}

std::uint32_t DueChunks::chunk_size(Kind kind) const {
    const bool singles = profile_.scalar == experiment::ScalarKind::float32;
    const std::size_t size = singles ? values_of_frame<float>(kind) : values_of_frame<double>(kind);
    return static_cast<std::uint32_t>(size);
}

} // namespace tinymf::host
