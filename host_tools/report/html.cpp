// SPDX-License-Identifier: Apache-2.0
#include "report/html.hpp"

#include <fmt/format.h>

namespace tinymf::host {
namespace {

constexpr std::string_view style = R"(
:root { --ink: #1f2830; --soft: #5b6771; --line: #e1e6ea; --paper: #ffffff; --tint: #f5f7f9; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--tint); color: var(--ink);
       font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 980px; margin: 0 auto; padding: 28px 20px 60px; }
header { margin: 8px 0 22px; }
h1 { font-size: 27px; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 20px; margin: 0 0 12px; }
h3 { font-size: 14px; margin: 26px 0 8px; color: var(--soft); font-weight: 600; }
p { margin: 6px 0 10px; }
.soft { color: var(--soft); }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 10px;
          padding: 22px 26px; margin: 18px 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line);
         vertical-align: top; }
th { font-weight: 600; color: var(--soft); }
tr:last-child td, tr:last-child th { border-bottom: none; }
.facts { display: grid; grid-template-columns: 1fr 1fr; gap: 0 36px; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 16px; }
.facts th { width: 42%; font-weight: 400; }
.badge { display: inline-block; padding: 1px 10px; border-radius: 20px; font-size: 13px;
         font-weight: 600; white-space: nowrap; }
.pass { background: #e3f4ea; color: #17693a; }
.fail { background: #fbe4e4; color: #a01c1c; }
.unsound { background: #fdf0d8; color: #8a5a00; }
.none { background: #eceff2; color: #5b6771; }
figure { margin: 4px 0 0; }
figure svg { width: 100%; height: auto; display: block; }
figcaption { color: var(--soft); font-size: 13px; }
svg image { image-rendering: pixelated; }
code, pre { font: 13px/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
pre { background: var(--tint); padding: 12px 14px; border-radius: 8px; overflow-x: auto; }
summary { cursor: pointer; color: var(--soft); }
@media (max-width: 700px) { .facts, .pair { grid-template-columns: 1fr; } }
@media print { body { background: white; } section { border: none; padding: 0; } }
)";

} // namespace

std::string escape_html(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        default:
            escaped += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? ' ' : c;
        }
    }
    return escaped;
}

std::string fact_table(const std::vector<std::pair<std::string, std::string>>& facts) {
    std::string html = "<table>";
    for (const auto& [name, value] : facts) {
        html +=
            fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", escape_html(name), escape_html(value));
    }
    return html + "</table>";
}

std::string table(const std::vector<std::string>& heading,
                  const std::vector<std::vector<std::string>>& rows) {
    const auto row_of = [](const std::vector<std::string>& cells, std::string_view tag) {
        std::string row = "<tr>";
        for (const std::string& cell : cells) {
            row += fmt::format("<{0}>{1}</{0}>", tag, cell);
        }
        return row + "</tr>\n";
    };
    std::string html = "<table>" + row_of(heading, "th");
    for (const auto& cells : rows) {
        html += row_of(cells, "td");
    }
    return html + "</table>";
}

std::string figure(const std::string& svg, std::string_view caption) {
    return fmt::format("<figure>{}<figcaption>{}</figcaption></figure>\n", svg, caption);
}

std::string figure_pair(const std::string& left, const std::string& right,
                        std::string_view caption) {
    return fmt::format("<figure><div class=\"pair\"><div>{}</div><div>{}</div></div>"
                       "<figcaption>{}</figcaption></figure>\n",
                       left, right, caption);
}

std::string badge(std::string_view kind, std::string_view word) {
    return fmt::format("<span class=\"badge {}\">{}</span>", kind, word);
}

std::string page(std::string_view title, std::string_view body) {
    return fmt::format(
        "<!DOCTYPE html>\n"
        "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n"
        "<meta charset=\"utf-8\"/>\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
        "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n{}\n</main>\n"
        "</body>\n</html>\n",
        escape_html(title), style, body);
}

} // namespace tinymf::host
