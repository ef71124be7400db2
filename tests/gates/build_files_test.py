# SPDX-License-Identifier: Apache-2.0
"""The build refuses flags that change results wherever they are given, and takes its commit from the
repository of its own sources only."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ["TINYMF_SOURCE_DIR"])

# No compiler is asked, so a configuration takes a fraction of a second.
PROJECT = f"""cmake_minimum_required(VERSION 3.25)
project(flags NONE)
{{before}}
include("{ROOT}/toolchain/flags.cmake")
{{after}}
"""

LIBRARY = "add_library(some INTERFACE)\n"


class Flags(unittest.TestCase):
    def configure(self, *arguments, before="", after="", inner=None):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "CMakeLists.txt").write_text(PROJECT.format(before=before, after=after))
            if inner is not None:
                (folder / "inner").mkdir()
                (folder / "inner/CMakeLists.txt").write_text(inner)
            # Where no generator is named: Ninja, for a bare machine has no make.
            return subprocess.run(["cmake", "-S", folder, "-B", folder / "build", *arguments],
                                  capture_output=True, text=True, check=False,
                                  env={**os.environ, "CMAKE_GENERATOR": "Ninja"})

    def refuses(self, flag, where, *arguments, **files):
        run = self.configure(*arguments, **files)
        self.assertNotEqual(run.returncode, 0, (flag, where, arguments, files))
        self.assertRegex(" ".join(run.stderr.split()), f"{where} contains {flag}", (arguments, files))

    def takes(self, *arguments, **files):
        run = self.configure(*arguments, **files)
        self.assertEqual(run.returncode, 0, run.stderr)

    def test_harmless_flags_are_taken(self):
        self.takes("-GNinja", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_FLAGS_RELEASE=-O3 -g")
        self.takes("-GNinja Multi-Config", "-DCMAKE_CXX_FLAGS_RELEASE=-O3",
                   after=LIBRARY + "target_compile_options(some INTERFACE $<$<CONFIG:Debug>:-Og> -fno-fast-math)")

    def test_every_configuration_of_a_multi_config_generator_is_looked_at(self):
        for configuration in ("DEBUG", "RELEASE", "RELWITHDEBINFO"):
            for language in ("CXX", "C"):
                variable = f"CMAKE_{language}_FLAGS_{configuration}"
                self.refuses("-Ofast", variable, "-GNinja Multi-Config", f"-D{variable}=-Ofast")
        self.refuses("-ffast-math", "CMAKE_CXX_FLAGS_MINE", "-GNinja Multi-Config",
                     "-DCMAKE_CONFIGURATION_TYPES=Mine;Other", "-DCMAKE_CXX_FLAGS_MINE=-g -ffast-math")

    def test_the_configuration_of_a_single_one_is_looked_at(self):
        for variable in ("CMAKE_CXX_FLAGS", "CMAKE_CXX_FLAGS_RELEASE", "CMAKE_EXE_LINKER_FLAGS",
                         "CMAKE_SHARED_LINKER_FLAGS_RELEASE"):
            self.refuses("-ffast-math", variable, "-GNinja", "-DCMAKE_BUILD_TYPE=Release",
                         f"-D{variable}=-O2 -ffast-math")
        # A configuration that is not built does no harm.
        self.takes("-GNinja", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_FLAGS_DEBUG=-Ofast")

    def test_options_of_folders_and_targets_are_looked_at(self):
        self.refuses("-Ofast", "COMPILE_OPTIONS of .*", before="add_compile_options(-Ofast)")
        self.refuses("-Ofast", "COMPILE_OPTIONS of .*", after="add_compile_options($<$<CONFIG:Release>:-Ofast>)")
        self.refuses("-flto", "LINK_OPTIONS of .*", after="add_link_options(LINKER:-z,now -flto)")
        self.refuses("-Ofast", "INTERFACE_COMPILE_OPTIONS of some",
                     after=LIBRARY + "target_compile_options(some INTERFACE -g -Ofast)")
        self.refuses("-ffast-math", "INTERFACE_COMPILE_OPTIONS of some", after=LIBRARY
                     + "target_compile_options(some INTERFACE $<$<AND:$<CONFIG:Release>,$<BOOL:1>>:-O2;-ffast-math>)")
        self.refuses("-ffast-math", "INTERFACE_COMPILE_OPTIONS of some", after="add_subdirectory(inner)",
                     inner=LIBRARY + 'target_compile_options(some INTERFACE "SHELL:-g -ffast-math")')


class Commit(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name).resolve()

    def git(self, *words, cwd):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=cwd, check=True,
                       capture_output=True)

    def commit_of(self, sources, environment=None):
        output = self.folder / "facts.cpp"
        subprocess.run(["cmake", f"-DSOURCE_DIR={sources}", f"-DOUTPUT={output}", "-DVERSION=1", "-DCOMPILER=c",
                        "-DFLAGS=f", "-P", ROOT / "toolchain/build_facts.cmake"], check=True,
                       env={**os.environ, **(environment or {})})
        return output.read_text().split('.git_hash = "')[1].split('"')[0]

    def repository(self, name):
        folder = self.folder / name
        folder.mkdir()
        self.git("init", "-q", cwd=folder)
        (folder / "file").write_text(name)
        self.git("add", "file", cwd=folder)
        self.git("commit", "-q", "-m", name, cwd=folder)
        head = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], cwd=folder, capture_output=True,
                              text=True, check=True).stdout.strip()
        return folder, head

    def test_sources_in_a_repository_of_their_own_have_its_commit(self):
        folder, head = self.repository("own")
        self.assertEqual(self.commit_of(folder), head)
        (folder / "file").write_text("changed")
        self.assertEqual(self.commit_of(folder), head + "-dirty")
        link = self.folder / "link"
        link.symlink_to(folder)
        self.assertEqual(self.commit_of(link), head + "-dirty")

    def test_sources_inside_a_foreign_repository_have_none(self):
        folder, head = self.repository("foreign")
        (folder / "unpacked").mkdir()
        self.assertEqual(self.commit_of(folder / "unpacked"), "unversioned")
        self.assertEqual(self.commit_of(folder), head)

    def test_the_environment_names_no_other_repository(self):
        foreign, _ = self.repository("foreign")
        own, head = self.repository("own")
        plain = self.folder / "plain"
        plain.mkdir()
        environment = {"GIT_DIR": str(foreign / ".git"), "GIT_WORK_TREE": str(plain)}
        self.assertEqual(self.commit_of(plain, environment), "unversioned")
        self.assertEqual(self.commit_of(own, environment), head)


if __name__ == "__main__":
    unittest.main()
