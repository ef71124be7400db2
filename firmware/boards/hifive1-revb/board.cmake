# SPDX-License-Identifier: Apache-2.0
# HiFive1 Rev B: FE310-G002, RV32IMAC without float unit, 256 MHz.

set(TINYMF_BOARD_TOOLCHAIN riscv64-unknown-elf)
set(TINYMF_BOARD_CPU -march=rv32imac -mabi=ilp32 -mcmodel=medany -msmall-data-limit=0)
set(TINYMF_BOARD_FAMILY riscv sifive freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

set(TINYMF_BOARD_CLOCK_HZ 256000000)
# Behind the boot loader.
set(TINYMF_BOARD_FLASH_BYTES 4128768)
set(TINYMF_BOARD_RAM_BYTES 16384)
set(TINYMF_BOARD_LABEL "builds only")
set(TINYMF_BOARD_WITNESSES register-strict)
set(TINYMF_BOARD_OPENOCD -f board/sifive-hifive1-revb.cfg)
