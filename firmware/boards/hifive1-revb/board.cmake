# SPDX-License-Identifier: Apache-2.0
# HiFive1 Rev B: FE310-G002, RV32IMAC without float unit, 256 MHz.

set(TINYMF_BOARD_DESCRIPTION "RV32IMAC, HiFive1 Rev B (FE310-G002)")
set(TINYMF_BOARD_TOOLCHAIN riscv64-unknown-elf)
set(TINYMF_BOARD_CPU -march=rv32imac -mabi=ilp32 -mcmodel=medany -msmall-data-limit=0)
set(TINYMF_BOARD_FAMILY riscv sifive freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

set(TINYMF_BOARD_CLOCK_HZ 256000000)
# Behind the boot loader.
set(TINYMF_BOARD_FLASH_BYTES 4128768)
set(TINYMF_BOARD_RAM_BYTES 16384)
set(TINYMF_BOARD_WITNESSES QEMU register-strict)
set(TINYMF_BOARD_QEMU qemu-system-riscv32 -M sifive_e,revb=true)
# Its timer counts 10 MHz where the board's counts 32,768 Hz: what depends on time is not tested there.
set(TINYMF_BOARD_QEMU_TELLS_NO_TIME ON)
set(TINYMF_BOARD_OPENOCD -f board/sifive-hifive1-revb.cfg)
set(TINYMF_BOARD_UART UART0)
set(TINYMF_BOARD_SENDS_ON "GPIO 17")
set(TINYMF_BOARD_RECEIVES_ON "GPIO 16")
set(TINYMF_BOARD_APPEARS_AS "the first of the J-Link's two, /dev/ttyACM0")
set(TINYMF_BOARD_POWERED_BY "USB")
