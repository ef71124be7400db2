# SPDX-License-Identifier: Apache-2.0
# NUCLEO-F446RE: STM32F446RE, Cortex-M4F, 168 MHz.

set(TINYMF_BOARD_CPU -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16)
set(TINYMF_BOARD_FAMILY cortex_m stm32 freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

set(TINYMF_BOARD_CLOCK_HZ 168000000)
set(TINYMF_BOARD_FLASH_BYTES 524288)
set(TINYMF_BOARD_RAM_BYTES 131072)
set(TINYMF_BOARD_LABEL "builds only")
set(TINYMF_BOARD_WITNESSES QEMU register-strict)
set(TINYMF_BOARD_OPENOCD -f board/st_nucleo_f4.cfg)
set(TINYMF_BOARD_FLASH
    st-flash --reset write IMAGE_BIN 0x08000000)
