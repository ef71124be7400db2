// SPDX-License-Identifier: Apache-2.0
#include "report/gnuplot.hpp"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <regex>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "diagnostics/host_error.hpp"

namespace tinymf::host {
namespace {

/// A file with a new name in the folder for temporary files, removed at the end.
class TemporaryFile {
public:
    explicit TemporaryFile(std::string_view content) {
        std::string name =
            std::filesystem::temp_directory_path() / ("tinymf-plot-" + std::string(6, 'X'));
        const int descriptor = ::mkstemp(name.data());
        if (descriptor < 0) {
            throw std::system_error(errno, std::generic_category(), name);
        }
        ::close(descriptor);
        path_ = name;
        std::ofstream(path_, std::ios::binary) << content;
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// What the command prints on standard output, and its exit status.
struct CommandOutput {
    std::string text;
    int status = 0;
};

CommandOutput run(const std::string& command) {
    constexpr int shell_failed = 127;
    FILE* const pipe = ::popen(command.c_str(), "r"); // NOLINT(cert-env33-c): fixed command
    if (pipe == nullptr) {
        return {"", shell_failed};
    }
    CommandOutput output;
    std::array<char, 65536> chunk{};
    while (const std::size_t read = std::fread(chunk.data(), 1, chunk.size(), pipe)) {
        output.text.append(chunk.data(), read);
    }
    const int status = ::pclose(pipe);
    output.status = WIFEXITED(status) ? WEXITSTATUS(status) : shell_failed;
    return output;
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
    const TemporaryFile file(fmt::format(
        "set terminal svg size {},{} enhanced font 'sans-serif,13'\n{}", width, height, script));
    constexpr int not_found = 127;
    auto output = run(fmt::format("LC_ALL=C gnuplot '{}' 2>/dev/null", file.path().string()));
    if (output.status == not_found) {
        throw HostError(exit_bad_input,
                        "gnuplot is not installed; on Debian: apt-get install gnuplot-nox");
    }
    const std::size_t begin = output.text.find("<svg");
    if (output.status != 0 || begin == std::string::npos) {
        throw HostError(exit_bad_input, fmt::format("gnuplot failed on the plot {} (status {})",
                                                    name, output.status));
    }
    std::string svg = output.text.substr(begin);
    prefix_ids(svg, name);
    // The drawing takes the width of its place and keeps its proportions.
    const std::size_t size = svg.find(" width=");
    const std::size_t box = svg.find(" viewBox=");
    svg.replace(size, box - size, " role=\"img\"");
    return svg;
}

} // namespace tinymf::host
