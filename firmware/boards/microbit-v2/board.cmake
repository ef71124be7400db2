# SPDX-License-Identifier: Apache-2.0
# BBC micro:bit v2: nRF52833, Cortex-M4F, 64 MHz.

set(TINYMF_BOARD_DESCRIPTION "Cortex-M4F, BBC micro:bit v2 (nRF52833)")
set(TINYMF_BOARD_CPU -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16)
set(TINYMF_BOARD_FAMILY cortex_m nrf5 freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

set(TINYMF_BOARD_CLOCK_HZ 64000000)
set(TINYMF_BOARD_FLASH_BYTES 524288)
set(TINYMF_BOARD_RAM_BYTES 131072)
set(TINYMF_BOARD_WITNESSES register-strict)
set(TINYMF_BOARD_OPENOCD -f interface/cmsis-dap.cfg -f target/nrf52.cfg)
set(TINYMF_BOARD_UART UART0)
set(TINYMF_BOARD_SENDS_ON "P0.06")
set(TINYMF_BOARD_RECEIVES_ON "P1.08")
set(TINYMF_BOARD_APPEARS_AS "the interface chip's, /dev/ttyACM0")
set(TINYMF_BOARD_POWERED_BY "USB, or the battery")
