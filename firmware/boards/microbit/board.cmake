# SPDX-License-Identifier: Apache-2.0
# BBC micro:bit v1: nRF51822, Cortex-M0 without float unit, 16 MHz.

set(TINYMF_BOARD_DESCRIPTION "Cortex-M0, BBC micro:bit v1")
set(TINYMF_BOARD_CPU -mcpu=cortex-m0 -mthumb)
set(TINYMF_BOARD_FAMILY cortex_m nrf5 freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

set(TINYMF_BOARD_CLOCK_HZ 16000000)
set(TINYMF_BOARD_FLASH_BYTES 262144)
set(TINYMF_BOARD_RAM_BYTES 16384)
set(TINYMF_BOARD_WITNESSES QEMU register-strict)
set(TINYMF_BOARD_QEMU qemu-system-arm -M microbit)
set(TINYMF_BOARD_OPENOCD -f interface/cmsis-dap.cfg -f target/nrf51.cfg)
set(TINYMF_BOARD_UART UART0)
set(TINYMF_BOARD_SENDS_ON "P0.24")
set(TINYMF_BOARD_RECEIVES_ON "P0.25")
set(TINYMF_BOARD_APPEARS_AS "the interface chip's, /dev/ttyACM0")
set(TINYMF_BOARD_POWERED_BY "USB, or the battery")
