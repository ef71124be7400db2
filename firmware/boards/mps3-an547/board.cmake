# SPDX-License-Identifier: Apache-2.0
# ARM MPS3 board with the Cortex-M55 image of application note 547.

# Vectors stay off: on floats they lose subnormals, and binutils 2.40 takes the scalar vcvt in an IT
# block for theirs.
set(TINYMF_BOARD_DESCRIPTION "Cortex-M55, ARM MPS3 AN547; experimental")
set(TINYMF_BOARD_CPU -mcpu=cortex-m55+nomve -mthumb -mfloat-abi=hard -mfpu=auto)
set(TINYMF_BOARD_FAMILY cortex_m cmsdk freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

set(TINYMF_BOARD_CLOCK_HZ 32000000)
set(TINYMF_BOARD_FLASH_BYTES 524288)
set(TINYMF_BOARD_RAM_BYTES 524288)
set(TINYMF_BOARD_WITNESSES QEMU)
set(TINYMF_BOARD_RESERVATION experimental)
set(TINYMF_BOARD_QEMU qemu-system-arm -M mps3-an547)
