# SPDX-License-Identifier: Apache-2.0
"""The chip, as it is wired, of every board with a strict model."""

from strict.fe310 import Fe310
from strict.nrf5 import Nrf51, Nrf52833
from strict.rp2040 import Rp2040
from strict.stellaris import Lm3s6965
from strict.stm32 import F100, F405, F446
from strict.stm32h7 import H743

BOARDS = {"netduinoplus2": F405, "nucleo-f446re": F446, "stm32vldiscovery": F100,
          "nucleo-h743zi2": H743, "microbit": Nrf51, "microbit-v2": Nrf52833,
          "raspberry-pi-pico": Rp2040, "lm3s6965evb": Lm3s6965, "hifive1-revb": Fe310}
