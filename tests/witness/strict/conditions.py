# SPDX-License-Identifier: Apache-2.0
"""Under which a run happens: the crystal, the reset, and faults seeded into the image's accesses."""

import dataclasses

CRYSTALS = ("usual", "slow", "dead")
STARTS = ("power", "loader")


@dataclasses.dataclass
class Conditions:
    crystal: str = "usual"
    start: str = "power"       # loader: as a boot loader leaves the chip
    reset_reasons: int = 0     # RESETREAS of the nRF5, the watchdog's REASON of the RP2040
    seeds: list = dataclasses.field(default_factory=list)
