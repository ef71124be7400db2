// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tinymf::firmware {

/// Bytes from one producer to one consumer, each an interrupt handler, the main loop or a thread.
/// Each side writes its own index only, so no lock and no read-modify-write is needed (Cortex-M0
/// has none). Indices run freely and wrap: all `capacity` bytes are usable.
/// Size: capacity + 8 bytes. Work: per byte moved.
template <std::size_t capacity>
class ByteRing {
    static_assert(std::has_single_bit(capacity) && capacity <= (std::size_t{1} << 30));

public:
    /// Bytes waiting for the consumer. Either side may ask; the answer errs on its safe side.
    std::uint32_t size() const {
        return written_.load(std::memory_order_acquire) - taken_.load(std::memory_order_acquire);
    }
    bool empty() const { return size() == 0; }
    bool full() const { return size() == capacity; }

    /// Producer. False, and nothing stored, when full.
    bool push(std::uint8_t byte) {
        const std::uint32_t end = written_.load(std::memory_order_relaxed);
        if (end - taken_.load(std::memory_order_acquire) == capacity) {
            return false;
        }
        bytes_[end & mask] = byte;
        written_.store(end + 1, std::memory_order_release);
        return true;
    }

    /// Consumer. False, and `byte` untouched, when empty.
    bool pop(std::uint8_t& byte) {
        const std::uint32_t begin = taken_.load(std::memory_order_relaxed);
        if (written_.load(std::memory_order_acquire) == begin) {
            return false;
        }
        byte = bytes_[begin & mask];
        taken_.store(begin + 1, std::memory_order_release);
        return true;
    }

    /// Producer. Stores as many of `source` as fit, in order, and returns how many.
    std::size_t push(std::span<const std::uint8_t> source) {
        std::size_t count = 0;
        while (count < source.size() && push(source[count])) {
            ++count;
        }
        return count;
    }

    /// Consumer. Fills `target` from the front with what waits and returns how many.
    std::size_t pop(std::span<std::uint8_t> target) {
        std::size_t count = 0;
        while (count < target.size() && pop(target[count])) {
            ++count;
        }
        return count;
    }

private:
    static constexpr std::uint32_t mask = static_cast<std::uint32_t>(capacity - 1);

    std::array<std::uint8_t, capacity> bytes_{};
    std::atomic<std::uint32_t> written_{0};
    std::atomic<std::uint32_t> taken_{0};
};

} // namespace tinymf::firmware
