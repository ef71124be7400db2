// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>

#include "tinymf/experiment/parameters.hpp"
#include "tinymf/experiment/profile.hpp"
#include "tinymf/experiment/wire.hpp"
#include "tinymf/observe/digest.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"

namespace tinymf::checkpoint {

// A checkpoint: the header, the model's evolving fields in the order of its `persist`, and a u64
// digest of all bytes before. Little-endian. How many bytes the fields take follows from the
// configuration and the step alone, so nothing that is read decides where it goes.

inline constexpr std::uint32_t magic = 0x43464D54U; // "TMFC"
inline constexpr std::uint16_t version = 1;
inline constexpr std::uint32_t header_bytes = 56;
inline constexpr std::uint32_t digest_bytes = 8;

/// What must be alike on both sides of a move. Capacities (points of a grid, most replicas) are the
/// board's own affair: they change no number.
struct Identity {
    std::uint8_t kind = 0;      ///< ModelKind
    std::uint8_t scalar = 0;    ///< ScalarKind
    std::uint8_t law = 0;       ///< CouplingKind, or Method of a mean field
    std::uint8_t path_bits = 0; ///< see ProfileInfo
    std::uint16_t neurons = 0;
    std::uint32_t trajectories = 0;
    std::uint64_t parameters = 0; ///< digest of all parameters but how often the run reports
    std::uint64_t couplings = 0;  ///< digest of the couplings

    friend constexpr bool operator==(const Identity&, const Identity&) = default;
};

struct Header {
    Identity identity;
    std::uint32_t step = 0;
    std::uint64_t digest = 0;      ///< over the states of all steps up to `step`
    std::uint64_t held_input = 0;  ///< bits of the live input in effect; 0 where there is none
    std::uint32_t state_bytes = 0; ///< of the fields

    friend constexpr bool operator==(const Header&, const Header&) = default;
};

template <std::floating_point T>
[[nodiscard]] constexpr std::uint64_t
digest_of_parameters(const experiment::Parameters<T>& parameters) {
    experiment::Parameters<T> numbers = parameters;
    numbers.state_every = 0;
    numbers.digest_every = 0;
    observe::Digest digest;
    experiment::for_each_on_wire(numbers, [&digest]<class V>(const V& value) {
        // A trait: gcc 12 takes the concept for satisfied by enumerations where a long list of
        // models is instantiated.
        if constexpr (std::is_floating_point_v<V> || sizeof(V) >= sizeof(std::uint32_t)) {
            digest.add(value);
        } else {
            digest.add(static_cast<std::uint32_t>(value));
        }
    });
    return digest.value();
}

[[nodiscard]] constexpr Identity identity_of(const experiment::ProfileInfo& profile,
                                             std::uint64_t parameters, std::uint64_t couplings) {
    const bool network = profile.kind == experiment::ModelKind::network;
    return {.kind = static_cast<std::uint8_t>(profile.kind),
            .scalar = static_cast<std::uint8_t>(profile.scalar),
            .law = network ? static_cast<std::uint8_t>(profile.coupling)
                           : static_cast<std::uint8_t>(profile.method),
            .path_bits = profile.path_bits,
            .neurons = profile.neurons,
            .trajectories = profile.trajectories,
            .parameters = parameters,
            .couplings = couplings};
}

/// Calls `visit` with every field after magic and version: the one definition of their order.
template <class H, class Visitor>
constexpr void for_each_in_header(H& header, Visitor&& visit) {
    visit(header.identity.kind);
    visit(header.identity.scalar);
    visit(header.identity.law);
    visit(header.identity.path_bits);
    visit(header.identity.neurons);
    visit(header.identity.trajectories);
    visit(header.identity.parameters);
    visit(header.identity.couplings);
    visit(header.step);
    visit(header.digest);
    visit(header.held_input);
    visit(header.state_bytes);
}

constexpr void write(stream::ByteWriter& writer, const Header& header) {
    writer.put(magic);
    writer.put(version);
    for_each_in_header(header, [&writer](auto value) { writer.put(value); });
}

/// Reads the header from the front of a checkpoint; nothing when it is cut short or not one.
[[nodiscard]] constexpr std::optional<Header> read_header(std::span<const std::uint8_t> bytes) {
    stream::ByteReader reader(bytes);
    const bool known =
        reader.get<std::uint32_t>() == magic && reader.get<std::uint16_t>() == version;
    Header header;
    for_each_in_header(header, [&reader]<class V>(V& value) { value = reader.get<V>(); });
    return known && reader.ok() ? std::optional(header) : std::nullopt;
}

/// Adds bytes to the digest that closes a checkpoint. Work: 12 integer operations a byte.
constexpr void add_to(observe::Digest& digest, std::span<const std::uint8_t> bytes) {
    for (const std::uint8_t byte : bytes) {
        digest.add(std::uint32_t{byte});
    }
}

} // namespace tinymf::checkpoint
