# SPDX-License-Identifier: Apache-2.0
"""What the sources of sim_core and firmware may not contain, and what each file starts with."""

import pathlib
import re
import unittest

from project_sources import ROOT, tracked_files

LICENSE_LINE = "SPDX-License-Identifier: Apache-2.0"
LICENSED = ("*.hpp", "*.cpp", "*.S", "*.ld", "*.cmake", "*CMakeLists.txt", "*.py", "*.sh", "*.toml",
            ".clang-format", ".clang-tidy", ".gitignore", "toolchain/dev", ".ci/run")

LIBM = ("acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 expm1 "
        "fabs fdim floor fma fmax fmin fmod frexp hypot ilogb ldexp lgamma llrint llround log log10 "
        "log1p log2 logb lrint lround modf nearbyint nextafter pow remainder remquo rint round "
        "scalbn sin sinh sqrt tan tanh tgamma trunc").split()
# libm by namespace, by built-in and by the C names of the float and long double variants.
LIBM_CALL = re.compile(
    r"(?:\bstd\s*::\s*|(?<![\w)])::\s*|\b__builtin_)(?:%(names)s)[fl]?\s*\(|\b(?:%(names)s)[fl]\s*\("
    % {"names": "|".join(LIBM)})

BANNED = {
    "libm": LIBM_CALL,
    "heap": re.compile(r"(?<!operator )\bnew\b(?!\s*\()|(?<!= )(?<!operator )\bdelete\b|"
                       r"\b(?:malloc|calloc|realloc|free|alloca)\s*\(|\bstd\s*::\s*(?:vector|string|"
                       r"map|set|unordered_\w+|unique_ptr|shared_ptr|function|deque|list|any)\b"),
    "exceptions or run-time types": re.compile(
        r"\b(?:throw|try|catch|dynamic_cast|typeid)\b"),
    "virtual": re.compile(r"\bvirtual\b"),
    "standard library with state or hidden order": re.compile(
        r"\bstd\s*::\s*(?:sort|hash|shuffle|accumulate|reduce|random_device|mt19937\w*|"
        r"\w+_distribution|thread|mutex|chrono|cout|cerr)\b"),
    "build dates": re.compile(r"__DATE__|__TIME__|__TIMESTAMP__"),
}
ALLOWED_STANDARD_HEADERS = set(
    "algorithm array atomic bit climits compare concepts cstddef cstdint initializer_list limits new "
    "optional span string_view tuple type_traits utility variant".split())
# assert.hpp prints and aborts on the host; eigen.hpp is the one way into Eigen.
CORE_FOLDERS = [ROOT / "sim_core/include"]
BOARD_FOLDERS = sorted(ROOT.glob("firmware/boards/*/"))
# The port that the host gives the application: threads and clocks of the operating system.
HOST_PORT = ROOT / "firmware/port/host_port.hpp"
# The square-root instruction is correctly rounded; with -fno-math-errno it is never a call.
ALLOWED_WORDS = {"sim_core/include/tinymf/numeric/sqrt.hpp": {"__builtin_sqrt(", "__builtin_sqrtf("}}
EXTRA_HEADERS = {"sim_core/include/tinymf/assert.hpp": {"cstdio", "cstdlib"},
                 "sim_core/include/tinymf/eigen.hpp": {"Eigen/Core"}}


def without_comments_and_strings(text: str) -> str:
    """The code alone, with line numbers kept."""
    def blank(match: re.Match) -> str:
        return "\n" * match.group(0).count("\n") or " "
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.DOTALL)


def banned_words(text: str, allowed: frozenset[str] | set[str] = frozenset()) -> list[str]:
    code = re.sub(r"#\s*include[^\n]*", "", without_comments_and_strings(text))
    return [f"line {code[:match.start()].count(chr(10)) + 1}: {why}: {match.group(0).strip()}"
            for why, pattern in BANNED.items() for match in pattern.finditer(code)
            if match.group(0).strip() not in allowed]


def foreign_includes(text: str, allowed: set[str]) -> list[str]:
    return [name for name in re.findall(r"^\s*#\s*include\s*<([^>]+)>", text, re.MULTILINE)
            if name not in allowed]


def unreachable_includes(text: str, folders: list[pathlib.Path]) -> list[str]:
    """Quoted includes that none of the folders holds: they would lead into a higher layer."""
    return [name for name in re.findall(r'^\s*#\s*include\s*"([^"]+)"', text, re.MULTILINE)
            if not any((folder / name).is_file() for folder in folders)]


def device_sources() -> list[pathlib.Path]:
    sources = tracked_files("sim_core/*.hpp", "firmware/*.hpp", "firmware/*.cpp")
    return [path for path in sources if path != HOST_PORT]


class SourceRules(unittest.TestCase):
    def test_every_file_names_its_license_first(self):
        for path in tracked_files(*LICENSED):
            head = path.read_text().splitlines()[:2]
            line = head[1] if head[0].startswith("#!") else head[0]
            self.assertIn(LICENSE_LINE, line, path)

    def test_device_code_uses_nothing_banned(self):
        for path in device_sources():
            name = str(path.relative_to(ROOT))
            with self.subTest(file=name):
                self.assertEqual(banned_words(path.read_text(), ALLOWED_WORDS.get(name, set())), [])

    def test_device_code_includes_only_freestanding_headers(self):
        for path in device_sources():
            name = str(path.relative_to(ROOT))
            allowed = ALLOWED_STANDARD_HEADERS | EXTRA_HEADERS.get(name, set())
            with self.subTest(file=name):
                self.assertEqual(foreign_includes(path.read_text(), allowed), [])

    def test_dependencies_point_one_way(self):
        for path in tracked_files("sim_core/*.hpp"):
            self.assertEqual(unreachable_includes(path.read_text(), CORE_FOLDERS), [], path)
        for path in tracked_files("firmware/*.hpp", "firmware/*.cpp"):
            folders = [*CORE_FOLDERS, ROOT / "firmware", path.parent, *BOARD_FOLDERS]
            self.assertEqual(unreachable_includes(path.read_text(), folders), [], path)


class TheScanItself(unittest.TestCase):
    def test_finds_each_kind_of_offence(self):
        for offence in ("y = std::tanh(x);", "y = expf(x);", "y = __builtin_fmaf(a, b, c);",
                        "y = ::sqrt(x);", "int* p = new int;", "delete p;", "p = malloc(4);",
                        "std::function<void()> f;", "std::vector<int> v;", "throw 1;",
                        "virtual void f();", "std::sort(a, b);", "print(__DATE__);"):
            self.assertEqual(len(banned_words("\n" + offence)), 1, offence)
            self.assertIn("line 2", banned_words("\n" + offence)[0])

    def test_leaves_our_own_functions_and_words_alone(self):
        for code in ("y = numeric::tanh(x);", "y = tanh(x); z = exp(y);", "// a new idea",
                     'static_assert(a, "no new");', "Engine(const Engine&) = delete;",
                     "float sqrt(float x);", "/* throw\n */", "#include <new>", "new (memory) Port;"):
            self.assertEqual(banned_words(code), [], code)

    def test_finds_a_foreign_include(self):
        self.assertEqual(foreign_includes("#include <cmath>\n#include <array>\n",
                                          ALLOWED_STANDARD_HEADERS), ["cmath"])

    def test_finds_a_dependency_that_points_up(self):
        text = '#include "tinymf/assert.hpp"\n#include "cli/main.hpp"\n'
        self.assertEqual(unreachable_includes(text, CORE_FOLDERS), ["cli/main.hpp"])


if __name__ == "__main__":
    unittest.main()
