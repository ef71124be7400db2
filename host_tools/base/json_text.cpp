// SPDX-License-Identifier: Apache-2.0
#include "base/json_text.hpp"

#include <nlohmann/json.hpp>

namespace tinymf::host {

std::string json_text(const nlohmann::json& value, int indent) {
    return value.dump(indent);
}

std::string json_text(const nlohmann::ordered_json& value, int indent) {
    return value.dump(indent);
}

std::string ascii_json_text(const nlohmann::json& value) {
    return value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

} // namespace tinymf::host
