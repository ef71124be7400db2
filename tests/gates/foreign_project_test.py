# SPDX-License-Identifier: Apache-2.0
"""A project of somebody else, the one of docs/library.md, takes the library in each documented way,
with gcc and clang, and prints the number of that page, whatever flags it sets; where it cannot, the
build is refused. Nothing but Eigen is searched for, nothing but the program is built. The sources are
copied first, so nothing that git does not know can help. No network: git is told where the page's
address lies."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from page_files import blocks, write_files
from project_sources import ROOT

PAGE = ROOT / "docs/library.md"
NUMBER = re.search(r"my_program +# prints (\S+)", PAGE.read_text()).group(1)
ADD_SUBDIRECTORY = "add_subdirectory(../tinymf tinymf)\n"
FETCH, FIND = blocks(PAGE, "cmake")[1:]
WAYS = {"add_subdirectory": ADD_SUBDIRECTORY, "FetchContent": FETCH, "find_package": FIND}
COMPILERS = ("g++", "clang++")
ADDRESS = re.search(r"GIT_REPOSITORY (\S+)", FETCH).group(1)
VERSION = re.search(r"project\(tinymf VERSION (\d+)\.(\d+)\.(\d+)", (ROOT / "CMakeLists.txt").read_text()).groups()

HAS_FMA = "fma" in Path("/proc/cpuinfo").read_text().split()

# Asked by every find_package before anything else; answers nothing.
RECORDER = """macro(tinymf_test_record method package)
    file(APPEND "${CMAKE_BINARY_DIR}/searched" "${package}\\n")
endmacro()
cmake_language(SET_DEPENDENCY_PROVIDER tinymf_test_record SUPPORTED_METHODS FIND_PACKAGE)
"""

scratch = tempfile.TemporaryDirectory()
FOLDER = Path(scratch.name).resolve()
PREFIX = FOLDER / "prefix"


def run(*command, environment=None):
    return subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False, timeout=300,
                          env={**os.environ, **(environment or {})})


def must(*command, **more):
    done = run(*command, **more)
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def setUpModule():
    """The sources as a repository of their own, the page's project, and the installed library."""
    copy = FOLDER / "tinymf"
    names = subprocess.run(["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                           check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    must("git", "-C", copy, "init", "-q", "-b", "main")
    must("git", "-C", copy, "add", ".")
    must("git", "-C", copy, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "all")
    write_files(PAGE, FOLDER)
    (FOLDER / "recorder.cmake").write_text(RECORDER)
    configured = run("cmake", "-G", "Ninja", "-S", copy, "-B", FOLDER / "build/tinymf", "-D",
                     "TINYMF_LIBRARY_ONLY=ON", "-D", f"CMAKE_PROJECT_TOP_LEVEL_INCLUDES={FOLDER}/recorder.cmake")
    assert configured.returncode == 0, configured.stderr
    must("cmake", "--install", FOLDER / "build/tinymf", "--prefix", PREFIX)


def tearDownModule():
    scratch.cleanup()


class ForeignProject(unittest.TestCase):
    def setUp(self):
        self.build = FOLDER / "build" / self.id().rsplit(".", 1)[1]

    def project(self, way, more=""):
        """A copy of the page's project with another way in place of add_subdirectory."""
        text = (FOLDER / "my_project/CMakeLists.txt").read_text()
        self.assertIn(ADD_SUBDIRECTORY, text)
        text = text.replace(ADD_SUBDIRECTORY, way) + more
        project = FOLDER / f"{self.build.name}_project"
        shutil.rmtree(project, ignore_errors=True)
        shutil.copytree(FOLDER / "my_project", project)
        (project / "CMakeLists.txt").write_text(text)
        return project

    def configure(self, project, *options):
        shutil.rmtree(self.build, ignore_errors=True)
        redirection = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.file://{FOLDER}/tinymf.insteadOf",
                       "GIT_CONFIG_VALUE_0": ADDRESS}
        return run("cmake", "--no-warn-unused-cli", "-G", "Ninja", "-S", project, "-B", self.build,
                   "-D", "CMAKE_BUILD_TYPE=Release", "-D", f"CMAKE_PREFIX_PATH={PREFIX}",
                   "-D", f"CMAKE_PROJECT_TOP_LEVEL_INCLUDES={FOLDER}/recorder.cmake", *options,
                   environment=redirection)

    def configured(self, project, *options):
        done = self.configure(project, *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("CMake Warning", done.stderr)

    def prints_the_number(self, program="my_program"):
        self.assertEqual(run(self.build / program).stdout, NUMBER + "\n", program)

    def test_prints_the_number_of_the_page(self):
        searched = {"add_subdirectory": {"Eigen3"}, "FetchContent": {"Eigen3", "Git"},
                    "find_package": {"tinymf", "Eigen3"}}
        for way, line in WAYS.items():
            for compiler in COMPILERS:
                with self.subTest(way=way, compiler=compiler):
                    # A foreign option of that prefix is none of ours.
                    self.configured(self.project(line), "-D", f"CMAKE_CXX_COMPILER={compiler}",
                                    "-D", "TINYMF_OF_SOMEBODY_ELSE=1")
                    must("cmake", "--build", self.build)
                    self.prints_the_number()
                    packages = set((self.build / "searched").read_text().split())
                    self.assertLessEqual(packages, searched[way])
                    self.assertIn("Eigen3", packages)
                    built = {path.name for path in self.build.rglob("*") if path.suffix in (".o", ".a")
                             and "CompilerIdCXX" not in path.parts}
                    self.assertEqual(built, {"main.cpp.o", "network.cpp.o"})
                    for cache in self.build.rglob("CTestTestfile.cmake"):
                        self.assertNotIn("add_test", cache.read_text())
        print(f"{len(WAYS)} ways with {' and '.join(COMPILERS)} print {NUMBER}")

    def test_its_number_is_the_one_of_the_independent_solution(self):
        (FOLDER / "page.toml").write_text('schema = 1\nname = "page"\n[model]\ngain = 2.0\nsteps = 100\nseed = 1\n'
                                          "[network]\nneurons = 64\n[stream]\nstate_every = 100\n")
        must(os.environ["TINYMF"], "reference", "page.toml", "-o", "page.npz")
        from numpy import load
        # 100 steps of rounding errors of 6e-8 of numbers of order one, which grow by less than ten.
        self.assertAlmostEqual(float(NUMBER), load(FOLDER / "page.npz")["x_scheme"][-1, 0], delta=6e-5)

    def test_the_flags_of_the_library_win_over_hostile_ones(self):
        # Each as a program of its own in one project, which adds to its options.
        hostile = {"fast": "-ffast-math", "old": "-std=c++17", "contracted": "-mfma -ffp-contract=fast",
                   "single": "-fno-signed-zeros -fno-trapping-math -fassociative-math -freciprocal-math"}
        more = "".join(f"add_executable({name} main.cpp network.cpp)\n"
                       f"target_compile_options({name} PRIVATE {flags})\n"
                       f"target_link_options({name} PRIVATE -ffast-math)\n"
                       f"target_link_libraries({name} PRIVATE tinymf::sim_core)\n" for name, flags in hostile.items())
        for compiler, way in zip(COMPILERS, (ADD_SUBDIRECTORY, FIND)):
            with self.subTest(compiler=compiler, way=way):
                self.configured(self.project(way, more), "-D", f"CMAKE_CXX_COMPILER={compiler}",
                                "-D", "CMAKE_CXX_STANDARD=17", "-D", "CMAKE_CXX_FLAGS=-ffast-math -std=c++17")
                must("cmake", "--build", self.build)
                for program in ("my_program", *hostile):
                    if program != "contracted" or HAS_FMA:
                        self.prints_the_number(program)

    def test_options_of_a_source_are_refused_by_the_guard(self):
        more = "set_source_files_properties(network.cpp PROPERTIES COMPILE_OPTIONS -ffast-math)\n"
        for compiler in COMPILERS:
            with self.subTest(compiler=compiler):
                self.configured(self.project(ADD_SUBDIRECTORY, more), "-D", f"CMAKE_CXX_COMPILER={compiler}")
                done = run("cmake", "--build", self.build)
                self.assertNotEqual(done.returncode, 0)
                self.assertRegex(done.stdout, "error:.*tinymf: -ffast-math .* add -fno-fast-math")

    def test_the_folder_of_the_library_serves_alone_and_with_another_eigen(self):
        self.configured(self.project(ADD_SUBDIRECTORY))
        eigen = re.search(r"-isystem (\S+)", must("ninja", "-C", self.build, "-t", "commands")).group(1)
        way = ("add_library(Eigen3::Eigen INTERFACE IMPORTED)\n"
               f'target_include_directories(Eigen3::Eigen INTERFACE "{eigen}")\n'
               "add_subdirectory(../tinymf/sim_core tinymf)\n")
        # Fused operations are taken by the guard with the flags of the target only.
        self.configured(self.project(way), "-D", f"CMAKE_CXX_FLAGS={'-mfma' if HAS_FMA else ''}")
        must("cmake", "--build", self.build)
        self.prints_the_number()
        self.assertFalse((self.build / "searched").exists())

    @unittest.skipUnless(shutil.which("arm-none-eabi-g++"), "toolchain/dev setup arm installs the compiler")
    def test_a_project_for_bare_metal_takes_it(self):
        (FOLDER / "cortex_m4.cmake").write_text(
            "set(CMAKE_SYSTEM_NAME Generic)\nset(CMAKE_CXX_COMPILER arm-none-eabi-g++)\n"
            "set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)\n"
            'set(CMAKE_CXX_FLAGS_INIT "-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 '
            '-ffreestanding -fno-exceptions -fno-rtti")\n')
        for way in (ADD_SUBDIRECTORY, FIND):
            project = self.project(way)
            lists = (project / "CMakeLists.txt").read_text()
            (project / "CMakeLists.txt").write_text(
                lists.replace("add_executable(my_program main.cpp network.cpp)", "add_library(my_program STATIC network.cpp)"))
            self.configured(project, "--toolchain", FOLDER / "cortex_m4.cmake")
            must("cmake", "--build", self.build)
            # Its processor can fuse, and was told not to; it doubles nothing and asks for no heap.
            code = must("arm-none-eabi-objdump", "-d", "-C", self.build / "libmy_program.a")
            self.assertRegex(code, r"vmul\.f32")
            self.assertNotRegex(code, r"vfn?m[as]\.f32|vmla\.f32")
            symbols = must("arm-none-eabi-nm", "-u", self.build / "libmy_program.a").split()
            self.assertFalse({"malloc", "free", "_Znwj", "_ZdlPv", "__aeabi_dmul", "__aeabi_f2d"} & set(symbols), symbols)

    def test_a_foreign_install_takes_the_library_along_only_when_asked(self):
        more = "install(TARGETS my_program)\n"
        for asked in ("OFF", "ON"):
            self.configured(self.project(ADD_SUBDIRECTORY, more), "-D", f"TINYMF_INSTALL={asked}")
            must("cmake", "--build", self.build)
            prefix = self.build / "prefix"
            must("cmake", "--install", self.build, "--prefix", prefix)
            self.assertTrue((prefix / "bin/my_program").exists())
            self.assertEqual((prefix / "include/tinymf/network/network.hpp").exists(), asked == "ON")


    def test_versions_of_the_package(self):
        major, minor = VERSION[:2]
        for asked, taken in ((f"{major}.{minor}", True), (".".join(VERSION) + " EXACT", True), ("", True),
                             (f"{major}.{int(minor) + 1}", False), (f"{int(major) + 1}.0", False)):
            with self.subTest(asked=asked):
                done = self.configure(self.project(FIND.replace("0.1", asked)))
                self.assertEqual(done.returncode == 0, taken, done.stderr)
                if not taken:
                    self.assertIn(f"version: {'.'.join(VERSION)}", done.stderr)


if __name__ == "__main__":
    unittest.main()
