# SPDX-License-Identifier: Apache-2.0
# ARM MPS2+ board with the Cortex-M33 image of application note 505.

set(TINYMF_BOARD_DESCRIPTION "Cortex-M33, ARM MPS2+ AN505")
set(TINYMF_BOARD_CPU -mcpu=cortex-m33 -mthumb -mfloat-abi=hard -mfpu=fpv5-sp-d16)
set(TINYMF_BOARD_FAMILY cortex_m cmsdk freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

set(TINYMF_BOARD_CLOCK_HZ 20000000)
set(TINYMF_BOARD_FLASH_BYTES 4194304)
set(TINYMF_BOARD_RAM_BYTES 4194304)
set(TINYMF_BOARD_WITNESSES QEMU)
set(TINYMF_BOARD_QEMU qemu-system-arm -M mps2-an505)
