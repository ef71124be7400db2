// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tinymf/experiment/parameters.hpp"
#include "tinymf/experiment/profile.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::host {

/// What one data frame holds: consecutive elements of a vector at a step. DIGEST has none.
struct DataChunk {
    stream::Kind kind = stream::Kind::digest;
    std::uint32_t step = 0;   ///< of the engine; a mean field counts through its populations
    std::uint8_t channel = 0; ///< replica of a STATE, number of the array of an OBSERVE or ROW
    std::uint32_t first = 0;  ///< element
    std::uint32_t count = 0;

    friend bool operator==(const DataChunk&, const DataChunk&) = default;
};

/// "STATE of step 40, replica 1, elements 0 to 63".
[[nodiscard]] std::string to_text(const DataChunk& chunk);

/// The data frames that a run owes by its configured rates, in the order in which a device must
/// send them: at each step the states of every replica or the rows of a mean field, then the
/// estimates of a block that ended, then the digest. Written down here once more, apart from the
/// firmware, because it judges the firmware. Work: O(1) a chunk.
class DueChunks {
public:
    /// From the step `begin` on, which a resumed run starts at.
    DueChunks(const experiment::ProfileInfo& profile,
              const experiment::Parameters<double>& parameters, std::uint32_t begin);

    /// The frame that is due now; nothing after the last step of the whole run.
    [[nodiscard]] std::optional<DataChunk> present() const;

    /// That frame has come, or a GAP stands for it.
    void pass();

    /// Index of the last step of the whole run.
    [[nodiscard]] std::uint32_t last_step() const { return last_step_; }

private:
    struct Vector {
        stream::Kind kind;
        std::uint8_t channel;
        std::uint32_t size;
    };

    void go_to_next_due(std::uint64_t from);
    [[nodiscard]] std::uint64_t next_due(std::uint64_t from) const;
    [[nodiscard]] std::uint64_t next_state(std::uint64_t from) const;
    [[nodiscard]] std::uint64_t next_block_end(std::uint64_t from) const;
    void list_vectors();
    void list_states();
    void list_rows();
    void list_estimates();
    [[nodiscard]] std::uint32_t chunk_size(stream::Kind kind) const;

    experiment::ProfileInfo profile_;
    experiment::Parameters<double> parameters_;
    std::uint32_t last_step_ = 0;
    std::uint64_t step_ = 0;      ///< above last_step_: nothing is due any more
    std::vector<Vector> vectors_; ///< of the present step
    std::size_t vector_ = 0;
    std::uint32_t first_ = 0;
};

} // namespace tinymf::host
