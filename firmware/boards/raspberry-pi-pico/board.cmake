# SPDX-License-Identifier: Apache-2.0
# Raspberry Pi Pico: RP2040, one of its two Cortex-M0+ without float unit, 125 MHz.

set(TINYMF_BOARD_DESCRIPTION "Cortex-M0+, Raspberry Pi Pico (RP2040)")
set(TINYMF_BOARD_CPU -mcpu=cortex-m0plus -mthumb)
set(TINYMF_BOARD_FAMILY cortex_m rp2040 freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

set(TINYMF_BOARD_CLOCK_HZ 125000000)
set(TINYMF_BOARD_FLASH_BYTES 2097152)
set(TINYMF_BOARD_RAM_BYTES 270336)
set(TINYMF_BOARD_WITNESSES rp2040js register-strict)
set(TINYMF_BOARD_OPENOCD -f interface/cmsis-dap.cfg -f target/rp2040.cfg)
# The drive that the board becomes when it is plugged in with its button held.
set(TINYMF_BOARD_UF2_FAMILY 0xe48bff56)
set(TINYMF_BOARD_UF2_DRIVE RPI-RP2)
set(TINYMF_BOARD_UART UART0)
set(TINYMF_BOARD_SENDS_ON "GPIO 0 (header pin 1)")
set(TINYMF_BOARD_RECEIVES_ON "GPIO 1 (header pin 2)")
set(TINYMF_BOARD_APPEARS_AS "a serial adapter of 3.3 V, /dev/ttyUSB0; USB shows only the drive to flash to")
set(TINYMF_BOARD_POWERED_BY "USB")
