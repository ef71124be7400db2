// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "tinymf/assert.hpp"

namespace tinymf::stream {

/// A word that one side writes and the other reads. Single plain loads and stores on every target:
/// ARMv6-M has no read-modify-write instructions and so does not call itself lock-free, but the
/// ring needs none.
#if !defined(__ARM_ARCH_6M__)
static_assert(std::atomic<std::uint32_t>::is_always_lock_free);
#endif

/// Lock-free byte ring between one producer (the tick loop) and one consumer (the line's interrupt
/// or DMA), in static storage. The producer puts whole frames, each contiguous, and drops whole
/// frames when there is no room; the consumer takes contiguous bytes as fast as the line goes.
///
/// Each side writes only its own index. A frame becomes visible by the release store in commit(),
/// space becomes free by the release store in release(). Near the top a frame that does not fit
/// starts again at the bottom; `wrap_` then marks where the older bytes end.
///
/// `Headroom` bytes are kept for urgent frames (timing, faults): while the last frames put were
/// ordinary, an urgent frame of that size always fits. Size: Capacity + 6 words.
/// Work: O(1) a call. `Atomic` is exchanged by the model checker in the tests.
///
/// Example, one frame in and its first bytes out:
///
///     static tinymf::stream::FrameRing<1024> ring;
///     const std::array<std::uint8_t, 3> payload{1, 2, 3};
///     const auto slot = ring.reserve(tinymf::stream::wire_bound(payload.size()));
///     if (!slot.empty()) {
///         ring.commit(tinymf::stream::encode_frame(slot, {0x7F, 1, 0}, payload));
///     }
///     const auto unsent = ring.peek();
///     ring.release(unsent.size());
///
/// Not for two producers or two consumers, and not for bytes without frames.
template <std::size_t Capacity, std::size_t Headroom = 0,
          template <class> class Atomic = std::atomic>
class FrameRing {
public:
    enum class Priority : std::uint8_t { ordinary, urgent };

    static constexpr std::size_t capacity = Capacity;
    static_assert(Capacity > 2 * Headroom + 2 && Capacity <= 0x40000000);

    /// An ordinary frame up to this size fits whenever the ring is empty, wherever the indices are.
    static constexpr std::size_t always_fits = (Capacity - 1) / 2 - Headroom;

    // Producer's side.

    /// `size` contiguous bytes to write a frame into; empty when there is no room, which counts as
    /// one dropped frame. A later reserve() replaces an uncommitted one.
    [[nodiscard]] std::span<std::uint8_t> reserve(std::size_t size,
                                                  Priority priority = Priority::ordinary) {
        TINYMF_ASSERT(size > 0 && size <= Capacity);
        const std::size_t needed = priority == Priority::urgent ? size : size + Headroom;
        const std::size_t write = write_.load(std::memory_order_relaxed);
        const std::size_t read = read_.load(std::memory_order_acquire);
        reserved_ = 0;
        const bool free_to_the_top = write >= read;
        // Strictly less than up to `read`: equal indices mean an empty ring.
        const bool fits_here = free_to_the_top ? Capacity - write >= needed : read - write > needed;
        if (!fits_here && !(free_to_the_top && read > needed)) {
            count_drop();
            return {};
        }
        reserved_at_ = fits_here ? static_cast<std::uint32_t>(write) : 0;
        reserved_ = static_cast<std::uint32_t>(size);
        return std::span(bytes_).subspan(reserved_at_, size);
    }

    /// Hands the first `size` reserved bytes to the consumer; 0 gives the reservation up.
    void commit(std::size_t size) {
        TINYMF_ASSERT(size <= reserved_);
        reserved_ = 0;
        if (size == 0) {
            return;
        }
        const std::uint32_t write = write_.load(std::memory_order_relaxed);
        if (reserved_at_ < write) {
            wrap_.store(write, std::memory_order_relaxed); // published by the store below
        }
        write_.store(reserved_at_ + static_cast<std::uint32_t>(size), std::memory_order_release);
    }

    /// Frames dropped since the start, every refused reserve() being one. Stays at its top.
    [[nodiscard]] std::uint32_t dropped() const { return dropped_; }

    // Consumer's side.

    /// The oldest unsent bytes that lie together: whole frames, or the rest of one that release()
    /// took in part. Empty when there is nothing to send.
    [[nodiscard]] std::span<const std::uint8_t> peek() const {
        const Readable readable = find_readable();
        return std::span(bytes_).subspan(readable.from, readable.to - readable.from);
    }

    /// Gives the first `size` bytes of peek() back to the producer.
    void release(std::size_t size) {
        const Readable readable = find_readable();
        TINYMF_ASSERT(size <= readable.to - readable.from);
        if (size != 0) {
            read_.store(readable.from + static_cast<std::uint32_t>(size),
                        std::memory_order_release);
        }
    }

    /// Everything committed was released. Either side may ask.
    [[nodiscard]] bool empty() const {
        return read_.load(std::memory_order_acquire) == write_.load(std::memory_order_acquire);
    }

private:
    struct Readable {
        std::uint32_t from;
        std::uint32_t to;
    };

    [[nodiscard]] Readable find_readable() const {
        const std::uint32_t write = write_.load(std::memory_order_acquire);
        const std::uint32_t read = read_.load(std::memory_order_relaxed);
        if (read <= write) {
            return {read, write};
        }
        const std::uint32_t wrap = wrap_.load(std::memory_order_relaxed);
        return read == wrap ? Readable{0, write} : Readable{read, wrap};
    }

    void count_drop() {
        if (dropped_ != std::numeric_limits<std::uint32_t>::max()) {
            ++dropped_;
        }
    }

    std::array<std::uint8_t, Capacity> bytes_{};
    Atomic<std::uint32_t> write_{0}; ///< written by the producer
    Atomic<std::uint32_t> wrap_{0};  ///< written by the producer; read only while write < read
    Atomic<std::uint32_t> read_{0};  ///< written by the consumer
    std::uint32_t reserved_at_ = 0;
    std::uint32_t reserved_ = 0;
    std::uint32_t dropped_ = 0;
};

} // namespace tinymf::stream
