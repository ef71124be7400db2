# SPDX-License-Identifier: Apache-2.0
# ARM MPS2+ board with the Cortex-M3 image of application note 385; no float unit.

set(TINYMF_BOARD_DESCRIPTION "Cortex-M3, ARM MPS2+ AN385")
set(TINYMF_BOARD_CPU -mcpu=cortex-m3 -mthumb)
set(TINYMF_BOARD_FAMILY cortex_m cmsdk freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

set(TINYMF_BOARD_CLOCK_HZ 25000000)
set(TINYMF_BOARD_FLASH_BYTES 4194304)
set(TINYMF_BOARD_RAM_BYTES 4194304)
set(TINYMF_BOARD_WITNESSES QEMU)
set(TINYMF_BOARD_QEMU qemu-system-arm -M mps2-an385)
