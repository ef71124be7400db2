// SPDX-License-Identifier: Apache-2.0
#include "base/worker_pool.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace tinymf::host {
namespace {

class SharedWork {
public:
    SharedWork(std::size_t count, const std::function<void(std::size_t)>& work,
               const std::function<void(std::size_t)>& on_done)
        : count_{count}, work_{work}, on_done_{on_done} {}

    void work_until_none_is_left() {
        for (std::size_t index = take(); index < count_; index = take()) {
            try {
                work_(index);
                const std::scoped_lock lock(mutex_);
                on_done_(++done_);
            } catch (...) {
                fail(index, std::current_exception());
            }
        }
    }

    void rethrow() const {
        if (failure_) {
            std::rethrow_exception(failure_);
        }
    }

private:
    std::size_t take() {
        const std::scoped_lock lock(mutex_);
        return failure_ ? count_ : next_++;
    }

    void fail(std::size_t index, std::exception_ptr failure) {
        const std::scoped_lock lock(mutex_);
        if (!failure_ || index < failed_) {
            failure_ = std::move(failure);
            failed_ = index;
        }
    }

    std::size_t count_;
    const std::function<void(std::size_t)>& work_;
    const std::function<void(std::size_t)>& on_done_;
    std::mutex mutex_;
    std::size_t next_ = 0;
    std::size_t done_ = 0;
    std::size_t failed_ = 0;
    std::exception_ptr failure_;
};

} // namespace

void for_each_index(std::size_t count, unsigned workers,
                    const std::function<void(std::size_t)>& work,
                    const std::function<void(std::size_t)>& on_done) {
    SharedWork shared(count, work, on_done);
    {
        std::vector<std::jthread> threads;
        for (std::size_t k = 1; k < std::min<std::size_t>(workers, count); ++k) {
            threads.emplace_back([&shared] { shared.work_until_none_is_left(); });
        }
        shared.work_until_none_is_left();
    }
    shared.rethrow();
}

} // namespace tinymf::host
