// SPDX-License-Identifier: Apache-2.0
#include "experiment/canonical_text.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "experiment/experiment_keys.hpp"

namespace tinymf::host {
namespace {

std::string in_quotes(std::string_view text) {
    return fmt::format("\"{}\"", text);
}

/// TOML tells reals from integers by a point or an exponent.
std::string real_text(double value) {
    std::string text = fmt::format("{}", value);
    if (text.find_first_of(".e") == std::string::npos) {
        text += ".0";
    }
    return text;
}

/// "[a, b]" of what `text_of` makes of each element.
template <class Elements, class TextOf>
std::string list_text(const Elements& elements, TextOf&& text_of) {
    std::vector<std::string> texts;
    for (const auto& element : elements) {
        texts.push_back(text_of(element));
    }
    return fmt::format("[{}]", fmt::join(texts, ", "));
}

std::string reals_text(std::span<const double> values) {
    std::size_t used = values.size();
    while (used > 1 && values[used - 1] == 0.0) {
        --used;
    }
    return list_text(values.first(used), real_text);
}

/// Lines of a TOML file, sections opened where the key's first half changes.
class Lines {
public:
    void version(const Key& key, std::uint32_t number) { put(key, fmt::format("{}", number)); }
    void text(const Key& key, std::size_t /*longest*/, const std::string& value) {
        put(key, in_quotes(value));
    }
    void real(const Key& key, double value) { put(key, real_text(value)); }
    void reals(const Key& key, std::size_t /*fewest*/, std::span<const double> values) {
        put(key, reals_text(values));
    }
    void whole(const Key& key, std::uint64_t value) { put(key, fmt::format("{}", value)); }
    template <class Enum>
    void choice(const Key& key, std::span<const std::string_view> names, Enum value) {
        put(key, in_quotes(names[static_cast<std::size_t>(value)]));
    }
    void names(const Key& key, std::span<const std::string_view> names,
               observe::ObservableSet values) {
        std::vector<std::string_view> chosen;
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (observe::contains(values, static_cast<observe::Observable>(i))) {
                chosen.push_back(names[i]);
            }
        }
        put(key, list_text(chosen, in_quotes));
    }

    [[nodiscard]] const std::string& all() const { return text_; }

private:
    void put(const Key& key, std::string_view value) {
        const auto dot = key.name.find('.');
        if (dot == std::string_view::npos) {
            text_ += fmt::format("{} = {}\n", key.name, value);
            return;
        }
        if (const std::string_view section = key.name.substr(0, dot); section != section_) {
            text_ += fmt::format("\n[{}]\n", section);
            section_ = section;
        }
        text_ += fmt::format("{} = {}\n", key.name.substr(dot + 1), value);
    }

    std::string text_;
    std::string_view section_;
};

} // namespace

std::string canonical_text(const Experiment& experiment) {
    Lines lines;
    for_each_key(lines, experiment);
    return lines.all();
}

} // namespace tinymf::host
