# SPDX-License-Identifier: Apache-2.0
"""How much of an image's code belongs to one profile alone: what another profile of its kind would
add, and what `tinymf plan` predicts from before anything is compiled."""

import re
import subprocess

from linked_image import ImageError

# Names as the compiler writes them into symbols, and as the budgets file has them.
KINDS = {
    r"observe::ObservedNetwork<": "observed",
    r"network::Network<float, (?!8u)\d+u, \(tinymf::model::CouplingKind\)0": "gaussian",
    r"network::Network<float, \d+u, \(tinymf::model::CouplingKind\)1": "sign",
    r"network::Network<float, \d+u, \(tinymf::model::CouplingKind\)2": "procedural",
    r"mean_field::LinearClosure<float, \d+u": "linear",
    r"mean_field::GaussianClosure<float, \d+u": "gaussian_closure",
    r"mean_field::ForwardSampler<float, \d+u, \d+u": "forward",
    r"mean_field::StationaryRun<float": "stationary",
}
# Lists of all models, which say nothing about the one a function is made for.
LISTS = ("tinymf::experiment::Engine<", "tinymf::firmware::ModelList<")


def without_lists(name):
    """The name without the template arguments of engines and model lists."""
    for begin in LISTS:
        while begin in name:
            start = name.index(begin)
            depth, end = 1, start + len(begin)
            while depth:
                depth += {"<": 1, ">": -1}.get(name[end], 0)
                end += 1
            name = name[:start] + name[end:]
    return name


def profile_flash(image):
    """kind -> bytes of code that a profile of the kind brings along, the most of those in the image;
    of an observed network, what it brings beyond the network."""
    listing = subprocess.run([f"{image.tools}nm", "-S", "--demangle", image.path], check=True,
                             capture_output=True, text=True).stdout
    own = {}
    for address, size, name in re.findall(r"^([0-9a-f]+) ([0-9a-f]+) [tTwWvVrR] (.*)$", listing,
                                          re.MULTILINE):
        name = without_lists(name)
        for pattern, kind in KINDS.items():
            if found := re.search(pattern, name):
                # Functions that were found identical share an address, and count once.
                own.setdefault((kind, found.group(0)), {})[address] = int(size, 16)
                break
    totals = {}
    for (kind, _), sizes in own.items():
        totals.setdefault(kind, []).append(sum(sizes.values()))
    if not totals:
        raise ImageError(f"{image.path}: no symbol names a model")
    return {kind: max(sizes) for kind, sizes in sorted(totals.items())}
