// SPDX-License-Identifier: Apache-2.0
#include "cli/command_parser.hpp"

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <sstream>
#include <type_traits>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/host_error.hpp"
#include "base/problem_list.hpp"
#include "base/standard_streams.hpp"
#include "cli/usage_hints.hpp"
#include "experiment/ranges.hpp"

namespace tinymf::host {
namespace {

/// Unlike CLI11's own range it refuses what is no finite number, which lies in every range because
/// no comparison with it holds.
CLI::Validator real_where(const std::string& range, const std::string& shown,
                          std::function<bool(double)> allowed) {
    return {[range, allowed = std::move(allowed)](std::string& written) {
                double value = 0.0;
                const bool number = CLI::detail::lexical_cast(written, value);
                return number && std::isfinite(value) && allowed(value)
                           ? std::string()
                           : fmt::format("{}: {}", printable(written), range);
            },
            shown};
}

/// A word of which nothing is left, as of a script's unset variable, is not an option left out.
template <class T>
constexpr bool is_text =
    std::is_same_v<T, std::string> || std::is_same_v<T, std::vector<std::string>> ||
    std::is_same_v<T, std::filesystem::path>;

CLI::Validator not_empty() {
    return {[](std::string& written) {
                return written.empty() ? std::string("must not be empty") : std::string();
            },
            ""};
}

Names command_names(const CLI::App& program) {
    Names names{"help"};
    for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) {
        names.insert(command->get_name());
    }
    return names;
}

Names long_option_names(const CLI::App& command) {
    Names names;
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            names.insert("--" + name);
        }
    }
    return names;
}

/// The command that was chosen, if one was, and the options that could stand there.
Addressed addressed_in(const CLI::App& program) {
    const auto commands = program.get_subcommands();
    return commands.empty() ? Addressed{.command = "", .options = long_option_names(program)}
                            : Addressed{.command = commands.front()->get_name(),
                                        .options = long_option_names(*commands.front())};
}

/// Help or the version, as CLI11 would print it.
std::string asked_text(const CLI::App& program, const CLI::Success& asked) {
    std::ostringstream text;
    static_cast<void>(program.exit(asked, text, text));
    return text.str();
}

} // namespace

Option& Option::required(bool needed) {
    option_->required(needed);
    return *this;
}

Option& Option::type_name(const std::string& name) {
    option_->type_name(name);
    return *this;
}

Option& Option::delimiter(char between) {
    option_->delimiter(between);
    return *this;
}

Option& Option::one_value_at_a_time() {
    option_->allow_extra_args(false);
    return *this;
}

Option& Option::show_default() {
    option_->capture_default_str();
    return *this;
}

Option& Option::excludes(const Option& other) {
    option_->excludes(other.option_);
    return *this;
}

Option& Option::needs(const Option& other) {
    option_->needs(other.option_);
    return *this;
}

Option& Option::one_of(std::vector<std::string> names) {
    option_->check(CLI::IsMember(std::move(names)));
    return *this;
}

Option& Option::between(int lowest, int highest) {
    option_->check(CLI::Range(lowest, highest));
    return *this;
}

Option& Option::between(unsigned lowest, unsigned highest) {
    option_->check(CLI::Range(lowest, highest));
    return *this;
}

Option& Option::between(double lowest, double highest) {
    option_->check(
        real_where(range_text(lowest, highest),
                   fmt::format("FLOAT in [{} - {}]", number_text(lowest), number_text(highest)),
                   [=](double value) { return value >= lowest && value <= highest; }));
    return *this;
}

Option& Option::zero_or_between(double lowest, double highest) {
    const std::string from = number_text(lowest);
    const std::string to = number_text(highest);
    option_->check(real_where(fmt::format("must be 0, or between {} and {}", from, to),
                              fmt::format("FLOAT in [{} - {}] or 0", from, to), [=](double value) {
                                  return value == 0.0 || (value >= lowest && value <= highest);
                              }));
    return *this;
}

template <class T>
Option Command::add_option(const std::string& names, T& value, const std::string& help) {
    CLI::Option* const option = command_->add_option(names, value, help);
    if constexpr (is_text<T>) {
        option->check(not_empty());
    }
    return Option(*option);
}

template Option Command::add_option(const std::string&, std::string&, const std::string&);
template Option Command::add_option(const std::string&, std::filesystem::path&, const std::string&);
template Option Command::add_option(const std::string&, double&, const std::string&);
template Option Command::add_option(const std::string&, std::uint32_t&, const std::string&);
template Option Command::add_option(const std::string&, std::optional<std::uint32_t>&,
                                    const std::string&);
template Option Command::add_option(const std::string&, std::vector<std::string>&,
                                    const std::string&);
template Option Command::add_option(const std::string&, std::vector<double>&, const std::string&);
template Option Command::add_option(const std::string&, std::vector<std::uint16_t>&,
                                    const std::string&);

Option Command::add_flag(const std::string& names, bool& value, const std::string& help) {
    return Option(*command_->add_flag(names, value, help));
}

void Command::runs(Action action) {
    command_->callback([chosen = chosen_, action = std::move(action)] { *chosen = action; });
}

CommandParser::CommandParser(const std::string& name, const std::string& help,
                             const std::string& version)
    : program_{std::make_unique<CLI::App>(help, name)} {
    program_->set_version_flag("--version", version);
    program_->require_subcommand(1);
}

CommandParser::~CommandParser() = default;

Command CommandParser::add_command(const std::string& name, const std::string& help) {
    return Command(*program_->add_subcommand(name, help), chosen_);
}

Action CommandParser::parse(const std::vector<const char*>& words) {
    const std::string unknown = unknown_command_text(command_names(*program_), words);
    if (!unknown.empty()) {
        throw HostError(exit_bad_input, unknown);
    }
    try {
        program_->parse(static_cast<int>(words.size()), words.data());
    } catch (const CLI::Success& asked) {
        return [text = asked_text(*program_, asked)] {
            print_file(text);
            return exit_passed;
        };
    } catch (const CLI::ParseError& error) {
        throw HostError(exit_bad_input,
                        usage_error_text(addressed_in(*program_), error.what(), words));
    }
    return chosen_;
}

} // namespace tinymf::host
