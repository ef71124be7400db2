# SPDX-License-Identifier: Apache-2.0
"""What a page holds: blocks of a language, and files, each named in the line above its block."""

import pathlib
import re


def blocks(page: pathlib.Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.S | re.M)


def files(page: pathlib.Path) -> dict[str, str]:
    """The text of each file by its path."""
    return dict(re.findall(r"^`([\w/.]+)`:\n\n```\w+\n(.*?)^```", page.read_text(), re.S | re.M))


def write_files(page: pathlib.Path, folder: pathlib.Path) -> None:
    for name, text in files(page).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
