// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <type_traits>

#include "golden/scenarios.hpp"

namespace tinymf::golden {

/// Writes one line per checkpoint, "name step digest couplings", characters going to `put(char)`:
/// the same text from a board's serial line and from a program on the host.
template <class Put>
class LineWriter {
public:
    explicit LineWriter(Put put) : put_(put) {}

    void operator()(const Name& name, const Checkpoint& checkpoint) {
        for (std::size_t i = 0; i < name.parts.size() && !name.parts[i].empty(); ++i) {
            if (i != 0) {
                put_('/');
            }
            text(name.parts[i]);
        }
        put_(' ');
        decimal(checkpoint.step);
        put_(' ');
        hexadecimal(checkpoint.digest);
        put_(' ');
        hexadecimal(checkpoint.couplings);
        put_('\n');
    }

    void text(std::string_view characters) {
        for (const char character : characters) {
            put_(character);
        }
    }

private:
    void decimal(std::uint32_t value) {
        std::uint32_t unit = 1;
        while (value / unit >= 10) {
            unit *= 10;
        }
        for (; unit != 0; unit /= 10) {
            put_(static_cast<char>('0' + value / unit % 10));
        }
    }

    void hexadecimal(std::uint64_t value) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            put_("0123456789abcdef"[(value >> shift) & 0xFU]);
        }
    }

    Put put_;
};

/// Runs every scenario that fits `room` bytes in `memory` and writes its lines, then "done".
template <std::size_t room, class Put, class Sabotage>
void write_all(void* memory, Put put, Sabotage&& sabotage) {
    LineWriter<Put> line(put);
    for_each_scenario<room>(
        [&]<class M>(std::type_identity<M>, const Name& name, const auto& parameters) {
            M& model = *new (memory) M;
            run(model, parameters, sabotage,
                [&](const Checkpoint& checkpoint) { line(name, checkpoint); });
        });
    line.text("done\n");
}

} // namespace tinymf::golden
