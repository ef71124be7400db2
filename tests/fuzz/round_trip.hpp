// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "experiment/experiment.hpp"
#include "experiment/parameter_bytes.hpp"
#include "fuzz/refusal.hpp"
#include "tinymf/assert.hpp"

namespace tinymf::fuzz {

/// Reads an experiment from anything. It is refused with exit code 2, or its canonical text gives
/// the same experiment and the same text again.
inline std::optional<host::Experiment>
read_and_read_again(std::string_view text, std::span<const std::string> overrides = {}) {
    std::optional<host::Experiment> read;
    const int code =
        exit_code_of([&] { read = host::parse_experiment(text, "drawn.toml", overrides); });
    TINYMF_ASSERT(read ? code == host::exit_passed : code == host::exit_bad_input);
    if (read) {
        const host::Experiment again = host::parse_experiment(read->text, "again.toml");
        TINYMF_ASSERT(again.text == read->text);
        TINYMF_ASSERT(again.name == read->name);
        TINYMF_ASSERT(again.kind == read->kind);
        TINYMF_ASSERT(host::parameter_bytes(again.parameters) ==
                      host::parameter_bytes(read->parameters));
        static_cast<void>(exit_code_of([&] { static_cast<void>(host::rounded_to_float(*read)); }));
    }
    return read;
}

} // namespace tinymf::fuzz
