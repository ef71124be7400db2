# SPDX-License-Identifier: Apache-2.0
# Stellaris LM3S6965 evaluation board: Cortex-M3 without float unit, 50 MHz.

set(TINYMF_BOARD_DESCRIPTION "Cortex-M3, Stellaris LM3S6965 evaluation board")
set(TINYMF_BOARD_CPU -mcpu=cortex-m3 -mthumb)
set(TINYMF_BOARD_FAMILY cortex_m stellaris freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

set(TINYMF_BOARD_CLOCK_HZ 50000000)
set(TINYMF_BOARD_FLASH_BYTES 262144)
set(TINYMF_BOARD_RAM_BYTES 65536)
set(TINYMF_BOARD_WITNESSES QEMU register-strict)
set(TINYMF_BOARD_QEMU qemu-system-arm -M lm3s6965evb)
# QEMU's machine lm3s6965evb ignores accesses to where nothing is, instead of refusing them.
set(TINYMF_BOARD_CONFORMANCE_EXCEPTIONS bus_fault)
set(TINYMF_BOARD_OPENOCD -f board/ek-lm3s6965.cfg)
set(TINYMF_BOARD_UART UART0)
set(TINYMF_BOARD_SENDS_ON "PA1")
set(TINYMF_BOARD_RECEIVES_ON "PA0")
set(TINYMF_BOARD_APPEARS_AS "the second of the interface chip's two, /dev/ttyUSB1")
set(TINYMF_BOARD_POWERED_BY "USB")
