# SPDX-License-Identifier: Apache-2.0
# NUCLEO-F446RE: STM32F446RE, Cortex-M4F, 168 MHz.

set(TINYMF_BOARD_DESCRIPTION "Cortex-M4F, NUCLEO-F446RE")
set(TINYMF_BOARD_CPU -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16)
set(TINYMF_BOARD_FAMILY cortex_m stm32 freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

set(TINYMF_BOARD_CLOCK_HZ 168000000)
set(TINYMF_BOARD_FLASH_BYTES 524288)
set(TINYMF_BOARD_RAM_BYTES 131072)
set(TINYMF_BOARD_WITNESSES QEMU register-strict)
# QEMU's F405 has the F446's core, memory, USART2 and interrupts where this image uses them.
set(TINYMF_BOARD_QEMU qemu-system-arm -M netduinoplus2 -serial null)
set(TINYMF_BOARD_OPENOCD -f board/st_nucleo_f4.cfg)
set(TINYMF_BOARD_FLASH
    st-flash --reset write IMAGE_BIN 0x08000000)
set(TINYMF_BOARD_UART USART2)
set(TINYMF_BOARD_SENDS_ON "PA2")
set(TINYMF_BOARD_RECEIVES_ON "PA3")
set(TINYMF_BOARD_APPEARS_AS "the ST-LINK's, /dev/ttyACM0")
set(TINYMF_BOARD_POWERED_BY "the ST-LINK's USB")
