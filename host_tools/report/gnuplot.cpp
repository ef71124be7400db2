// SPDX-License-Identifier: Apache-2.0
#include "report/gnuplot.hpp"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "base/problem_list.hpp"
#include "base/program_run.hpp"

namespace tinymf::host {
namespace {

/// Nothing of the user's: start-up file, terminal and variables stay out of the drawing.
ChildCommand gnuplot() {
    ChildCommand command;
    command.words = {"gnuplot", "--default-settings", "-"};
    command.own_environment = false;
    command.environment = {"LC_ALL=C"};
    if (const char* const path = std::getenv("PATH")) { // NOLINT(concurrency-mt-unsafe)
        command.environment.push_back(fmt::format("PATH={}", path));
    }
    return command;
}

/// The last line that gnuplot said, which is its reason.
std::string reason_in(std::string_view said) {
    const std::size_t end = said.find_last_not_of(" \t\r\n");
    if (end == std::string_view::npos) {
        return "without a word";
    }
    said = said.substr(0, end + 1);
    const std::size_t begin = said.rfind('\n');
    std::string_view line = begin == std::string_view::npos ? said : said.substr(begin + 1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    return printable(line, 200);
}

ProgramRun run_gnuplot(std::string_view name, std::string_view script) {
    try {
        return run_program(gnuplot(), script);
    } catch (const std::system_error& error) {
        if (error.code() == std::errc::no_such_file_or_directory) {
            throw HostError(exit_bad_input,
                            "gnuplot is not installed; on Debian: apt-get install gnuplot-nox");
        }
        throw HostError(exit_bad_input, fmt::format("gnuplot failed on the plot {}: {}", name,
                                                    error.code().message()));
    }
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
        text.replace(at, from.size(), to);
    }
}

/// Ids are unique in a page, so each drawing gets its own.
void prefix_ids(std::string& svg, std::string_view name) {
    for (const char quote : {'\'', '"'}) {
        replace_all(svg, fmt::format(" id={}", quote), fmt::format(" id={}{}-", quote, name));
        replace_all(svg, fmt::format("href={}#", quote), fmt::format("href={}#{}-", quote, name));
    }
    replace_all(svg, "url(#", fmt::format("url(#{}-", name));
}

} // namespace

std::string draw_svg(std::string_view name, int width, int height, std::string_view script) {
    const ProgramRun run = run_gnuplot(
        name, fmt::format("set terminal svg size {},{} enhanced font 'sans-serif,13'\n{}", width,
                          height, script));
    const std::size_t begin = run.output.find("<svg");
    if (run.status != 0 || begin == std::string::npos) {
        throw HostError(exit_bad_input, fmt::format("gnuplot failed on the plot {}: {}", name,
                                                    reason_in(run.errors)));
    }
    std::string svg = run.output.substr(begin);
    prefix_ids(svg, name);
    // The drawing takes the width of its place and keeps its proportions.
    const std::size_t size = svg.find(" width=");
    const std::size_t box = svg.find(" viewBox=");
    svg.replace(size, box - size, " role=\"img\"");
    return svg;
}

} // namespace tinymf::host
