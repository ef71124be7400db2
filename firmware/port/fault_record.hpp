// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace tinymf::firmware {

/// Why a run ended before its time. The values are part of the stream: append only.
enum class FaultCause : std::uint32_t {
    none = 0,
    restart = 1,              ///< asked for: no record is left
    assertion = 2,            ///< `detail`: source line
    not_finite = 3,           ///< NaN or infinity in the state; index: replica << 24 | neuron
    hard_fault = 4,           ///< none of the finer causes below applies, or the core cannot tell
    memory_fault = 5,         ///< protection violation
    bus_fault = 6,            ///< access to an address without memory behind it
    usage_fault = 7,          ///< undefined instruction, division by zero, wrong state
    stack_overflow = 8,       ///< the stack pointer left the stack
    unexpected_interrupt = 9, ///< `detail`: exception number
    watchdog = 10,            ///< the loop no longer came round; pc: where it was
    missed_deadline = 11,     ///< under the policy `stop`
    estimate_not_finite = 12, ///< of an observing network; index: ObservedArray << 24 | element
    row_not_finite = 13,      ///< of a mean field; index: TwoTimeArray << 24 | column
    no_clock = 14,            ///< no oscillator that is exact enough for the serial line started
};

/// What is known of the fault that ended the last run, kept in memory that no start-up code clears.
/// 64 bytes, little-endian words in the written order; sound exactly when `is_sound` says so.
struct FaultRecord {
    static constexpr std::uint32_t expected_magic = 0x464d'4e54; ///< "TNMF"
    static constexpr std::uint32_t current_version = 1;

    std::uint32_t magic;
    std::uint32_t version;
    FaultCause cause;
    std::uint32_t detail; ///< depends on the cause
    std::uint32_t pc;     ///< instruction that provoked the fault; see the family for its precision
    std::uint32_t lr;     ///< return address in use there
    std::uint32_t sp;     ///< stack pointer on entry to the handler
    std::uint32_t psr;    ///< program status
    std::uint32_t status; ///< the core's fault status register; 0 where it has none
    std::uint32_t hard_status;
    std::uint32_t address; ///< of the faulting access where the core knows it, else 0
    std::uint32_t tick;    ///< step that was being computed
    std::uint32_t phase;   ///< part of the step, see observe::WorkPhase
    std::uint32_t boots;   ///< resets since power was applied, when the fault happened
    std::uint32_t reserved;
    std::uint32_t crc; ///< CRC-32C of the 60 bytes before
};
static_assert(sizeof(FaultRecord) == 64);

namespace detail {

/// CRC-32C bit by bit: a fault handler has time, and must not depend on tables or other code.
constexpr std::uint32_t crc32c_of_words(const std::uint32_t* words, std::uint32_t count) {
    constexpr std::uint32_t reversed_polynomial = 0x82f6'3b78;
    std::uint32_t crc = 0xffff'ffff;
    for (std::uint32_t i = 0; i < count; ++i) {
        crc ^= words[i];
        for (int bit = 0; bit < 32; ++bit) {
            crc = (crc >> 1) ^ ((crc & 1U) != 0 ? reversed_polynomial : 0U);
        }
    }
    return ~crc;
}

} // namespace detail

/// The CRC that belongs into `record.crc`.
constexpr std::uint32_t crc_of(const FaultRecord& record) {
    const auto words = std::bit_cast<std::array<std::uint32_t, 16>>(record);
    return detail::crc32c_of_words(words.data(), 15);
}

/// Makes a filled-in record sound.
constexpr void seal(FaultRecord& record) {
    record.magic = FaultRecord::expected_magic;
    record.version = FaultRecord::current_version;
    record.crc = crc_of(record);
}

/// False for memory that holds no record: after power-on, or after the record was taken.
constexpr bool is_sound(const FaultRecord& record) {
    return record.magic == FaultRecord::expected_magic &&
           record.version == FaultRecord::current_version && record.crc == crc_of(record);
}

/// Where the application is, for the record and for the watchdog: it writes, the fault handler and
/// the clock's interrupt read.
struct Progress {
    volatile std::uint32_t tick;
    volatile std::uint32_t phase;    ///< observe::WorkPhase
    volatile std::uint32_t rounds;   ///< of the loop, each found in order; modulo 2^32
    volatile std::uint32_t patience; ///< counts that a phase of a step may last; 0: for ever
};

} // namespace tinymf::firmware
