#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `tinymf plan` says of every profile of the board agrees with the linked image: RAM within
1 %, flash within 5 %."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import measurement  # noqa: E402
import plan_command  # noqa: E402
from emulated_board import board_under_test  # noqa: E402
from linked_image import LinkedImage  # noqa: E402

LIMITS = {"flash": 0.05, "static_ram": 0.01}


def main():
    board = board_under_test()
    flash, ram, stack = LinkedImage(board.image(measurement.IMAGE), board.tools).memory()
    profiles = list(plan_command.profiles_of(board))
    worst = dict.fromkeys(LIMITS, 0.0)
    for assignments in profiles:
        plan = plan_command.plan(board.name, assignments)
        assert plan["in_image"] and plan["fits"], plan
        assert plan["ram"]["needed"] == plan["static_ram"] + stack, plan
        for key, predicted, linked in (("flash", plan["flash"]["needed"], flash),
                                       ("static_ram", plan["static_ram"], ram)):
            worst[key] = max(worst[key], abs(predicted - linked) / linked)
    print(f"{board.name}: {len(profiles)} profiles; largest difference "
          + ", ".join(f"{key} {100 * value:.2f} %" for key, value in worst.items()))
    return 0 if profiles and all(worst[key] <= LIMITS[key] for key in LIMITS) else 1


if __name__ == "__main__":
    sys.exit(main())
