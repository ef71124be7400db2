// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace tinymf::host {

// What the commands use of CLI11. Its header takes three seconds in each file that reads it, so
// command_parser.cpp alone does.

/// What the command line asks for; returns the exit code (base/host_error.hpp).
using Action = std::function<int()>;

/// An option of a command, or a word that stands in a fixed place. A handle: copies are the same
/// option.
class Option {
public:
    explicit Option(CLI::Option& option) : option_{&option} {}

    Option& required(bool needed = true);
    /// How help calls the value.
    Option& type_name(const std::string& name);
    /// Several values stand in one word, with this between them.
    Option& delimiter(char between);
    /// To be repeated for several values: words after its first value are not its own.
    Option& one_value_at_a_time();
    /// Help shows the value that the variable has now.
    Option& show_default();
    Option& excludes(const Option& other);
    Option& needs(const Option& other);

    // Values that are taken.
    Option& one_of(std::vector<std::string> names);
    Option& between(int lowest, int highest);
    Option& between(unsigned lowest, unsigned highest);
    /// A finite number from `lowest` to `highest`.
    Option& between(double lowest, double highest);
    /// The same, or 0: nothing between 0 and `lowest`.
    Option& zero_or_between(double lowest, double highest);

private:
    CLI::Option* option_;
};

/// A command that is being declared. A handle: copies are the same command.
class Command {
public:
    Command(CLI::App& command, Action& chosen) : command_{&command}, chosen_{&chosen} {}

    /// `names` as in "-o,--output"; without dashes for a word in a fixed place. `value` must live
    /// until the line was understood. Defined for the types of value that commands have.
    template <class T>
    Option add_option(const std::string& names, T& value, const std::string& help);
    Option add_flag(const std::string& names, bool& value, const std::string& help);
    /// What the command does when it is used; nothing runs before the whole line was understood.
    void runs(Action action);

private:
    CLI::App* command_;
    Action* chosen_;
};

/// The program's command line.
class CommandParser {
public:
    CommandParser(const std::string& name, const std::string& help, const std::string& version);
    ~CommandParser();
    CommandParser(const CommandParser&) = delete;
    CommandParser& operator=(const CommandParser&) = delete;

    [[nodiscard]] Command add_command(const std::string& name, const std::string& help);

    /// What the words ask for, of which the first is the program's name. Throws HostError (exit
    /// code 2) that says on one line why they cannot be taken.
    [[nodiscard]] Action parse(const std::vector<const char*>& words);

private:
    std::unique_ptr<CLI::App> program_;
    Action chosen_;
};

} // namespace tinymf::host
