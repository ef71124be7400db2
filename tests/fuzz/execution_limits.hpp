// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include <sanitizer/allocator_interface.h>
#include <sanitizer/common_interface_defs.h>

namespace tinymf::fuzz {

/// What one execution may take of the machine, asserted: at most 64 MiB of heap at any time beyond
/// what was there before, and time linear in its bytes and in the work it configures. Both limits
/// are conventions of this project. One at a time; a broken limit aborts, at the allocation that
/// breaks it or at the end.
class ExecutionLimits {
public:
    static constexpr std::size_t most_heap_bytes = std::size_t{64} << 20U;
    /// Sanitized code takes well below a microsecond a byte; the rest is for loaded machines. A
    /// quadratic reader passes it from some ten thousand bytes on.
    static constexpr std::chrono::microseconds most_time_per_byte{20};
    static constexpr std::chrono::milliseconds most_time_at_all{1000};

    /// What the input may legitimately ask for.
    struct Work {
        std::size_t bytes = 0;      ///< of the input
        std::size_t data_bytes = 0; ///< one engine, and the data that are to be held
        std::chrono::milliseconds computing{0};
    };

    explicit ExecutionLimits(const Work& work)
        : most_time_{most_time_at_all + most_time_per_byte * static_cast<long>(work.bytes) +
                     work.computing},
          began_{processor_time()} {
        static const int installed = __sanitizer_install_malloc_and_free_hooks(&taken, &given_back);
        static_cast<void>(installed);
        most_live_.store(live_.load() + static_cast<long long>(most_heap_bytes + work.data_bytes));
    }
    ExecutionLimits(const ExecutionLimits&) = delete;
    ExecutionLimits& operator=(const ExecutionLimits&) = delete;

    ~ExecutionLimits() {
        most_live_.store(unlimited);
        const auto used = processor_time() - began_;
        if (used > most_time_) {
            std::fprintf(stderr,
                         "the execution took %.3f s of processor time, at most %.3f s are "
                         "allowed\n",
                         std::chrono::duration<double>(used).count(),
                         std::chrono::duration<double>(most_time_).count());
            std::abort();
        }
    }

private:
    using Time = std::chrono::nanoseconds;
    static constexpr long long unlimited = -1;

    static Time processor_time() {
        timespec time{};
        ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return std::chrono::seconds{time.tv_sec} + Time{time.tv_nsec};
    }

    static void taken(const volatile void* /*memory*/, std::size_t size) {
        const long long live = live_ += static_cast<long long>(size);
        const long long most = most_live_.load(std::memory_order_relaxed);
        if (most != unlimited && live > most) {
            most_live_.store(unlimited); // for what the report itself allocates
            std::fprintf(stderr, "the execution holds %lld bytes more than it may\n", live - most);
            __sanitizer_print_stack_trace();
            std::abort();
        }
    }

    static void given_back(const volatile void* memory) {
        live_ -=
            static_cast<long long>(__sanitizer_get_allocated_size(const_cast<const void*>(memory)));
    }

    static inline std::atomic<long long> live_{0};
    static inline std::atomic<long long> most_live_{unlimited};

    Time most_time_;
    Time began_;
};

} // namespace tinymf::fuzz
