# SPDX-License-Identifier: Apache-2.0
# QEMU's RISC-V machine `virt`, 32 bits, with float unit.

set(TINYMF_BOARD_DESCRIPTION "RV32IMAFC, QEMU's machine virt")
set(TINYMF_BOARD_TOOLCHAIN riscv64-unknown-elf)
set(TINYMF_BOARD_CPU -march=rv32imafc -mabi=ilp32f -mcmodel=medany -msmall-data-limit=0)
set(TINYMF_BOARD_FAMILY riscv qemu_virt freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

# Of the timer: the emulated core has no clock.
set(TINYMF_BOARD_CLOCK_HZ 10000000)
set(TINYMF_BOARD_FLASH_BYTES 4194304)
set(TINYMF_BOARD_RAM_BYTES 4194304)
set(TINYMF_BOARD_WITNESSES QEMU)
set(TINYMF_BOARD_QEMU qemu-system-riscv32 -M virt -cpu rv32,d=off -bios none)
