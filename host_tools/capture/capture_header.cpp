// SPDX-License-Identifier: Apache-2.0
#include "capture/capture_header.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/host_error.hpp"
#include "base/json_text.hpp"
#include "base/terminal_text.hpp"
#include "tinymf/assert.hpp"
#include "tinymf/build_facts.hpp"
#include "tinymf/experiment/validation.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/crc32c.hpp"

namespace tinymf::host {
namespace {

using nlohmann::json;

constexpr std::size_t prefix_size = capture_magic.size() + 2 + 4;
constexpr std::size_t checksum_size = 4;
constexpr int deepest_metadata = 32;

std::span<const std::uint8_t> as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

json to_json(const ResumedRun& resumed) {
    json inputs = json::array();
    for (const LiveInput& input : resumed.inputs) {
        inputs.push_back({input.step, input.value});
    }
    return {
        {"capture", terminal_text(resumed.capture)}, {"step", resumed.step}, {"inputs", inputs}};
}

/// Throws json::exception, as the parser does, unless it is a step.
std::uint32_t step_from(const json& number) {
    constexpr std::uint64_t last = std::numeric_limits<std::uint32_t>::max();
    if (!number.is_number_unsigned() || number.get<std::uint64_t>() > last) {
        throw json::other_error::create(501, "no step", &number);
    }
    return number.get<std::uint32_t>();
}

/// The same unless it is a value that a live stimulus may have.
double input_from(const json& number) {
    if (!number.is_number() ||
        !experiment::in_range(experiment::Field::input, number.get<double>())) {
        throw json::other_error::create(501, "no input", &number);
    }
    return number.get<double>();
}

std::optional<ResumedRun> resumed_from(const json& metadata) {
    const auto found = metadata.find("resumed");
    if (found == metadata.end()) {
        return std::nullopt;
    }
    ResumedRun resumed{.capture = found->at("capture").get<std::string>(),
                       .step = step_from(found->at("step")),
                       .inputs = {}};
    for (const json& input : found->at("inputs")) {
        resumed.inputs.push_back({step_from(input.at(0)), input_from(input.at(1))});
    }
    return resumed;
}

std::string to_text(const CaptureMetadata& metadata) {
    json object{{"experiment", metadata.experiment},
                {"source", terminal_text(metadata.source)},
                {"delivery", metadata.delivery},
                {"host_tool", metadata.host_tool}};
    if (metadata.resumed) {
        object["resumed"] = to_json(*metadata.resumed);
    }
    try {
        return json_text(object);
    } catch (const json::exception&) {
        throw HostError(exit_bad_input, "capture metadata: text is not UTF-8");
    }
}

CaptureMetadata from_text(std::string_view text, std::string_view name) {
    bool too_deep = false;
    const auto watch_depth = [&too_deep](int depth, json::parse_event_t, const json&) {
        too_deep = too_deep || depth > deepest_metadata;
        return !too_deep;
    };
    try {
        const json object = json::parse(text, watch_depth);
        if (!too_deep) {
            return {.experiment = object.at("experiment").get<std::string>(),
                    .source = object.at("source").get<std::string>(),
                    .delivery = object.at("delivery").get<std::string>(),
                    .host_tool = object.at("host_tool").get<std::map<std::string, std::string>>(),
                    .resumed = resumed_from(object)};
        }
    } catch (const json::exception&) {
        // said below, in one line for all causes
    }
    throw HostError(exit_bad_input, fmt::format("{}: the capture's metadata cannot be read", name));
}

[[noreturn]] void refuse_damaged(std::string_view name, std::string_view how) {
    throw HostError(exit_unsound_stream, fmt::format("{}: capture header is {}", name, how));
}

} // namespace

std::map<std::string, std::string> host_tool_facts() {
    return {{"version", std::string(build_facts.version)},
            {"git_hash", std::string(build_facts.git_hash)},
            {"compiler", std::string(build_facts.compiler)},
            {"flags_fingerprint", fmt::format("{:08x}", build_facts.flags_fingerprint)}};
}

std::vector<std::uint8_t> encode_capture_header(const CaptureMetadata& metadata) {
    const std::string text = to_text(metadata);
    if (text.size() > largest_capture_metadata) {
        throw HostError(exit_bad_input,
                        fmt::format("capture metadata: {} bytes, at most {} allowed", text.size(),
                                    largest_capture_metadata));
    }
    std::vector<std::uint8_t> header(prefix_size + text.size() + checksum_size);
    stream::ByteWriter writer(header);
    writer.put(as_bytes(capture_magic));
    writer.put(capture_version);
    writer.put(static_cast<std::uint32_t>(text.size()));
    writer.put(as_bytes(text));
    writer.put(stream::crc32c(writer.written()));
    TINYMF_ASSERT(writer.ok() && writer.room() == 0);
    return header;
}

CaptureHeader read_capture_header(const FileDescriptor& file, std::string_view name) {
    std::vector<std::uint8_t> header(prefix_size);
    header.resize(read_fully(file, header, name, exit_bad_input));
    if (!begins_as_capture(header)) {
        throw HostError(exit_bad_input, fmt::format("{}: not a capture file", name));
    }
    if (header.size() < prefix_size) {
        refuse_damaged(name, "cut short");
    }
    stream::ByteReader prefix{std::span(header).subspan(capture_magic.size())};
    const auto version = prefix.get<std::uint16_t>();
    const std::size_t text_size = prefix.get<std::uint32_t>();
    if (text_size > largest_capture_metadata) {
        refuse_damaged(name, "damaged: it claims impossibly long metadata");
    }
    header.resize(prefix_size + text_size + checksum_size);
    const auto rest = std::span(header).subspan(prefix_size);
    if (read_fully(file, rest, name, exit_bad_input) != rest.size()) {
        refuse_damaged(name, "cut short");
    }
    stream::Crc32c crc;
    crc.add(header);
    if (crc.value() != stream::Crc32c::residue) {
        refuse_damaged(name, "damaged: its checksum disagrees");
    }
    if (version != capture_version) {
        throw HostError(exit_bad_input, fmt::format("{}: capture format {}, this tool reads {}",
                                                    name, version, capture_version));
    }
    const std::string_view text(reinterpret_cast<const char*>(rest.data()), text_size);
    return {from_text(text, name), header.size()};
}

bool begins_as_capture(std::span<const std::uint8_t> bytes) {
    return bytes.size() >= capture_magic.size() &&
           std::ranges::equal(bytes.first(capture_magic.size()), as_bytes(capture_magic));
}

} // namespace tinymf::host
