# SPDX-License-Identifier: Apache-2.0
"""Every verb of toolchain/dev asks for packages by words that `setup` and packages.txt know. (Long
verbs do not run in the tests, so a misspelt word would be met by a user.)"""

import os
import re
import subprocess
import unittest
from pathlib import Path

ROOT = Path(os.environ["TINYMF_SOURCE_DIR"])
SCRIPTS = ("toolchain/dev", "toolchain/measurements.sh", "toolchain/packages.sh")


def words_after(command, script):
    """Plain words of each call of a shell function; variables are filled elsewhere."""
    calls = re.findall(rf"^\s*(?:[^#\n]*(?:\|\||&&|;|\()\s*)?{command} ((?:[\w-]+ ?)+)", script, re.M)
    return [word for call in calls for word in call.split()]


def unknown_words(scripts):
    refusal = subprocess.run([ROOT / "toolchain/dev", "setup", "no-such-word"], capture_output=True,
                             text=True, check=False).stderr
    known = set(re.search(r"setup knows ([\w, ]+);", refusal).group(1).split(", "))
    purposes = {line.split()[0] for line in (ROOT / "toolchain/packages.txt").read_text().splitlines()
                if line.strip() and not line.startswith("#")}
    return ([word for script in scripts for word in words_after("setup", script) if word not in known]
            + [word for script in scripts for word in words_after("install_for", script) if word not in purposes])


class SetupWords(unittest.TestCase):
    scripts = [(ROOT / name).read_text() for name in SCRIPTS]

    def test_are_known(self):
        asked = sum(len(words_after(command, script)) for script in self.scripts
                    for command in ("setup", "install_for"))
        print(f"{asked} words")
        self.assertGreater(asked, 20)
        self.assertEqual(unknown_words(self.scripts), [])

    def test_a_misspelt_one_is_found(self):
        self.assertEqual(unknown_words(["golden() {\n    setup test gilden\n}\n"]), ["gilden"])
        self.assertEqual(unknown_words(["    command -v npm >/dev/null || install_for nod\n"]), ["nod"])


if __name__ == "__main__":
    unittest.main()
