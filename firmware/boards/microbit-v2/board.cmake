# SPDX-License-Identifier: Apache-2.0
# BBC micro:bit v2: nRF52833, Cortex-M4F, 64 MHz.

set(TINYMF_BOARD_CPU -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16)
set(TINYMF_BOARD_FAMILY cortex_m nrf5 freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

set(TINYMF_BOARD_CLOCK_HZ 64000000)
set(TINYMF_BOARD_FLASH_BYTES 524288)
set(TINYMF_BOARD_RAM_BYTES 131072)
set(TINYMF_BOARD_LABEL "builds only")
set(TINYMF_BOARD_WITNESSES register-strict)
set(TINYMF_BOARD_OPENOCD -f interface/cmsis-dap.cfg -f target/nrf52.cfg)
