# SPDX-License-Identifier: Apache-2.0
"""Which points are tried, where there are too many of them."""

from mutable_source import Point


def drawn(points: list[Point], most: int) -> list[Point]:
    """At most `most` of them: files take turns, and within a file its operators do; which of an
    operator's points comes first is decided by a hash, so that an edit elsewhere changes nothing.
    A file's turns are as many as its share of all points, one at least."""
    by_file = {}
    for point in sorted(points, key=lambda point: point.rank):
        by_file.setdefault(point.file, {}).setdefault(point.operator, []).append(point)
    shares = {}
    for file, operators in by_file.items():
        held = sum(map(len, operators.values()))
        shares[file] = min(held, max(1, round(most * held / len(points))))
    chosen = []
    for file, operators in sorted(by_file.items()):
        queues = [list(queue) for _, queue in sorted(operators.items())]
        for _ in range(shares[file]):
            queues = [queue for queue in queues if queue]
            queue = queues.pop(0)
            chosen.append(queue.pop(0))
            queues.append(queue)
    return chosen
