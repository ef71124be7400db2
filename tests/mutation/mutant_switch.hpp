// SPDX-License-Identifier: Apache-2.0
// Included by the mutated copies that tests/mutation writes, never by the project itself.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <iterator>
#include <sys/mman.h>
#include <sys/stat.h>
#include <type_traits>
#include <unistd.h>
#include <utility>

namespace tinymf_mutant {

/// The mutant that acts in this process, from TINYMF_MUTANT; 0: none.
inline int active = 0;
/// One byte a mutant, set when its place is reached; null outside of a recording run. A shared
/// file, so that children and processes that abort are recorded too.
inline std::uint8_t* reached = nullptr;
inline std::size_t reached_size = 0;

/// Before every constructor of the program, so that static objects are built by the mutant too.
[[gnu::constructor(101)]] inline void read_environment() {
    if (const char* id = std::getenv("TINYMF_MUTANT")) {
        active = std::atoi(id);
    }
    const char* record = std::getenv("TINYMF_MUTANTS_REACHED");
    const int file = record == nullptr ? -1 : open(record, O_RDWR);
    struct stat facts {};
    if (file < 0 || fstat(file, &facts) != 0) {
        return;
    }
    const auto size = static_cast<std::size_t>(facts.st_size);
    void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory != MAP_FAILED) {
        reached = static_cast<std::uint8_t*>(memory);
        reached_size = size;
    }
    close(file);
}

[[gnu::noinline]] inline void note(int id) {
    if (static_cast<std::size_t>(id) < reached_size) {
        reached[id] = 1;
    }
}

[[nodiscard]] inline bool acts(int id) {
    if (reached != nullptr) {
        note(id);
    }
    return active == id;
}

/// A range without its last element when the mutant acts.
template <class Range>
struct Shortened {
    Range range;
    bool shorter;

    constexpr auto begin() { return std::begin(range); }
    constexpr auto end() {
        auto last = std::begin(range);
        const auto whole = std::end(range);
        if (!shorter) {
            return whole;
        }
        for (auto next = last; next != whole && ++next != whole;) {
            last = next;
        }
        return last;
    }
};

template <class Range>
constexpr Shortened<Range> shortened(bool shorter, Range&& range) {
    return {std::forward<Range>(range), shorter};
}

} // namespace tinymf_mutant

// Constant expressions keep the original, so that they compile and static assertions hold.
#define TINYMF_MUTANT(id) (!std::is_constant_evaluated() && ::tinymf_mutant::acts(id))
