// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <set>
#include <tuple>
#include <vector>

#include <ucontext.h>

namespace tinymf::test {

/// Runs two threads of control, each a fiber, in every order of their accesses to shared memory.
///
/// A scenario is made anew for each run and has `void first()`, `void second()` and
/// `void check()`, the last called when both have returned. Both must reach shared memory through
/// SharedWord, or announce it by Interleavings::access(), and must each write words of their own
/// only: then a state is fully described by what the two have read so far, and one that was seen
/// before is not explored again.
class Interleavings {
public:
    struct Extent {
        std::size_t runs = 0;
        std::size_t states = 0;
    };

    template <class Scenario>
    static Extent explore() {
        Interleavings interleavings;
        do {
            Scenario scenario;
            if (interleavings.run(scenario)) {
                scenario.check();
            }
        } while (interleavings.choose_next());
        return {interleavings.runs_, interleavings.seen_.size()};
    }

    /// The other fiber may run before what follows. Does nothing outside the two fibers, so that a
    /// scenario can be prepared and checked.
    static void access() {
        if (running_ == nullptr) {
            return;
        }
        Fiber& fiber = running_->fibers_[running_->current_];
        ++fiber.steps;
        swapcontext(&fiber.context, &running_->scheduler_);
    }

    /// What follows may depend on this value, which was read from shared memory.
    static void learned(std::uint64_t value) {
        if (running_ == nullptr) {
            return;
        }
        std::uint64_t& history = running_->fibers_[running_->current_].history;
        history = (history ^ value) * 0x100000001B3U + 0x9E3779B97F4A7C15U;
    }

private:
    static constexpr std::size_t stack_size = 256 * 1024;

    struct Fiber {
        ucontext_t context{};
        std::vector<char> stack = std::vector<char>(stack_size);
        std::uint64_t history = 0;
        std::uint64_t steps = 0;
        bool done = false;
    };

    using State = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t>;

    template <class Scenario>
    void start(std::size_t index, Scenario& scenario) {
        Fiber& fiber = fibers_[index];
        fiber.history = 0;
        fiber.steps = 0;
        fiber.done = false;
        getcontext(&fiber.context);
        fiber.context.uc_stack.ss_sp = fiber.stack.data();
        fiber.context.uc_stack.ss_size = fiber.stack.size();
        fiber.context.uc_link = &scheduler_;
        scenario_ = &scenario;
        makecontext(&fiber.context, index == 0 ? &enter<Scenario, 0> : &enter<Scenario, 1>, 0);
    }

    template <class Scenario, std::size_t index>
    static void enter() {
        auto& scenario = *static_cast<Scenario*>(running_->scenario_);
        if constexpr (index == 0) {
            scenario.first();
        } else {
            scenario.second();
        }
        running_->fibers_[index].done = true;
    }

    void resume(std::size_t index) {
        current_ = index;
        running_ = this;
        swapcontext(&scheduler_, &fibers_[index].context);
        running_ = nullptr;
    }

    /// False when the run led into a state already explored; it is completed in any order.
    template <class Scenario>
    bool run(Scenario& scenario) {
        ++runs_;
        start(0, scenario);
        start(1, scenario);
        std::size_t decision = 0;
        bool fresh = true;
        while (!fibers_[0].done || !fibers_[1].done) {
            if (fibers_[0].done || fibers_[1].done || !fresh) {
                resume(fibers_[0].done ? 1 : 0);
                continue;
            }
            if (decision == path_.size()) {
                fresh = seen_.insert(state()).second;
                if (!fresh) {
                    continue;
                }
                path_.push_back(0);
            }
            resume(path_[decision++]);
        }
        return fresh;
    }

    [[nodiscard]] State state() const {
        return {fibers_[0].history, fibers_[0].steps, fibers_[1].history, fibers_[1].steps};
    }

    bool choose_next() {
        while (!path_.empty() && path_.back() == 1) {
            path_.pop_back();
        }
        if (path_.empty()) {
            return false;
        }
        path_.back() = 1;
        return true;
    }

    static inline Interleavings* running_ = nullptr;

    ucontext_t scheduler_{};
    std::array<Fiber, 2> fibers_;
    std::size_t current_ = 0;
    void* scenario_ = nullptr;
    std::vector<std::size_t> path_;
    std::set<State> seen_;
    std::size_t runs_ = 0;
};

/// Stands in for std::atomic inside a scenario. Every access takes effect at once (sequential
/// consistency); what weaker orders may do is for the thread sanitizer.
template <class T>
class SharedWord {
public:
    constexpr SharedWord(T value) : value_(value) {}

    [[nodiscard]] T load(std::memory_order) const {
        Interleavings::access();
        Interleavings::learned(value_);
        return value_;
    }

    void store(T value, std::memory_order) {
        Interleavings::access();
        value_ = value;
    }

private:
    T value_;
};

} // namespace tinymf::test
