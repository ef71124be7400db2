# SPDX-License-Identifier: Apache-2.0
# ARM MPS2+ board with the Cortex-M4F image of application note 386.

set(TINYMF_BOARD_DESCRIPTION "Cortex-M4F, ARM MPS2+ AN386")
set(TINYMF_BOARD_CPU -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16)
set(TINYMF_BOARD_FAMILY cortex_m cmsdk freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

set(TINYMF_BOARD_CLOCK_HZ 25000000)
set(TINYMF_BOARD_FLASH_BYTES 4194304)
set(TINYMF_BOARD_RAM_BYTES 4194304)
set(TINYMF_BOARD_WITNESSES QEMU)
set(TINYMF_BOARD_QEMU qemu-system-arm -M mps2-an386)
