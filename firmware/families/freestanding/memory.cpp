// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

// The compiler calls these five for copies and fills, whether or not the sources do. It must not
// recognise their own loops as such, or each would call itself.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((no_builtin)), apply_to = function)
#else
#pragma GCC optimize("no-tree-loop-distribute-patterns")
#endif

extern "C" {

void* memcpy(void* __restrict target, const void* __restrict source, std::size_t count) {
    auto* to = static_cast<std::uint8_t*>(target);
    const auto* from = static_cast<const std::uint8_t*>(source);
    const auto unaligned =
        reinterpret_cast<std::uintptr_t>(to) | reinterpret_cast<std::uintptr_t>(from);
    if (unaligned % sizeof(std::uint32_t) == 0) {
        for (; count >= sizeof(std::uint32_t); count -= sizeof(std::uint32_t)) {
            *reinterpret_cast<std::uint32_t*>(to) = *reinterpret_cast<const std::uint32_t*>(from);
            to += sizeof(std::uint32_t);
            from += sizeof(std::uint32_t);
        }
    }
    for (; count > 0; --count) {
        *to++ = *from++;
    }
    return target;
}

void* memmove(void* target, const void* source, std::size_t count) {
    auto* to = static_cast<std::uint8_t*>(target);
    const auto* from = static_cast<const std::uint8_t*>(source);
    if (to <= from) {
        for (std::size_t i = 0; i < count; ++i) {
            to[i] = from[i];
        }
    } else {
        for (std::size_t i = count; i > 0; --i) {
            to[i - 1] = from[i - 1];
        }
    }
    return target;
}

void* memset(void* target, int value, std::size_t count) {
    auto* to = static_cast<std::uint8_t*>(target);
    const auto byte = static_cast<std::uint8_t>(value);
    for (; count > 0 && reinterpret_cast<std::uintptr_t>(to) % sizeof(std::uint32_t) != 0;
         --count) {
        *to++ = byte;
    }
    const std::uint32_t word = byte * 0x0101'0101U;
    for (; count >= sizeof(word); count -= sizeof(word)) {
        *reinterpret_cast<std::uint32_t*>(to) = word;
        to += sizeof(word);
    }
    for (; count > 0; --count) {
        *to++ = byte;
    }
    return target;
}

int memcmp(const void* left, const void* right, std::size_t count) {
    const auto* a = static_cast<const std::uint8_t*>(left);
    const auto* b = static_cast<const std::uint8_t*>(right);
    for (std::size_t i = 0; i < count; ++i) {
        if (a[i] != b[i]) {
            return a[i] - b[i];
        }
    }
    return 0;
}

std::size_t strlen(const char* text) {
    std::size_t length = 0;
    while (text[length] != '\0') {
        ++length;
    }
    return length;
}

} // extern "C"

#if defined(__clang__)
#pragma clang attribute pop
#endif
