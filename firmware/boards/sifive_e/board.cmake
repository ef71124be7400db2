# SPDX-License-Identifier: Apache-2.0
# QEMU's machine `sifive_e`, after the HiFive1: RV32IMAC without float unit.

set(TINYMF_BOARD_DESCRIPTION "RV32IMAC, QEMU's machine sifive_e with 16 KiB of RAM")
set(TINYMF_BOARD_TOOLCHAIN riscv64-unknown-elf)
set(TINYMF_BOARD_CPU -march=rv32imac -mabi=ilp32 -mcmodel=medany -msmall-data-limit=0)
set(TINYMF_BOARD_FAMILY riscv sifive freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

# Of the timer: the emulated core has no clock.
set(TINYMF_BOARD_CLOCK_HZ 10000000)
set(TINYMF_BOARD_FLASH_BYTES 532676608)
set(TINYMF_BOARD_RAM_BYTES 16384)
set(TINYMF_BOARD_WITNESSES QEMU)
set(TINYMF_BOARD_QEMU qemu-system-riscv32 -M sifive_e)
