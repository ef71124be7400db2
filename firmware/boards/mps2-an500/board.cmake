# SPDX-License-Identifier: Apache-2.0
# ARM MPS2+ board with the Cortex-M7 image of application note 500. Its float unit knows double too;
# the compiler is not told, so that a double computed by accident stays visible in the image.

set(TINYMF_BOARD_DESCRIPTION "Cortex-M7, ARM MPS2+ AN500")
set(TINYMF_BOARD_CPU -mcpu=cortex-m7 -mthumb -mfloat-abi=hard -mfpu=fpv5-sp-d16)
set(TINYMF_BOARD_FAMILY cortex_m cmsdk freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

set(TINYMF_BOARD_CLOCK_HZ 25000000)
set(TINYMF_BOARD_FLASH_BYTES 4194304)
set(TINYMF_BOARD_RAM_BYTES 4194304)
set(TINYMF_BOARD_WITNESSES QEMU)
set(TINYMF_BOARD_QEMU qemu-system-arm -M mps2-an500)
