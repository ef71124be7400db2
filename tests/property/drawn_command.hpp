// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "app/command.hpp"
#include "tinymf/experiment/refusal.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::firmware {

using experiment::Field;
using experiment::Refusal;
using experiment::RefusalCode;
using stream::Kind;

using Bytes = std::vector<std::uint8_t>;

template <class... Values>
Bytes bytes_of(Values... values) {
    Bytes bytes(stream::largest_payload);
    stream::ByteWriter writer(bytes);
    (writer.put(values), ...);
    bytes.resize(writer.size());
    return bytes;
}

/// A command on its way, and what a device must think of its content, were it to look at it.
struct DrawnCommand {
    std::uint8_t kind = 0;
    std::uint8_t schema = stream::schema_id;
    CommandHeader header;
    Bytes arguments;
    Refusal of_content;
    bool whole = true; ///< long enough to hold a header
};

} // namespace tinymf::firmware
