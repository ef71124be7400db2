# SPDX-License-Identifier: Apache-2.0
# Netduino Plus 2: STM32F405RG, Cortex-M4F, 168 MHz.

set(TINYMF_BOARD_DESCRIPTION "Cortex-M4F, Netduino Plus 2 (STM32F405)")
set(TINYMF_BOARD_CPU -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16)
set(TINYMF_BOARD_FAMILY cortex_m stm32 freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

set(TINYMF_BOARD_CLOCK_HZ 168000000)
set(TINYMF_BOARD_FLASH_BYTES 1048576)
set(TINYMF_BOARD_RAM_BYTES 131072)
set(TINYMF_BOARD_WITNESSES QEMU register-strict)
set(TINYMF_BOARD_QEMU qemu-system-arm -M netduinoplus2 -serial null)
# Over USB its own loader takes the image; the debug pins need a probe.
set(TINYMF_BOARD_OPENOCD -f interface/stlink.cfg -f target/stm32f4x.cfg)
set(TINYMF_BOARD_FLASH
    dfu-util -a 0 -s 0x08000000:leave -D IMAGE_BIN)
set(TINYMF_BOARD_UART USART2)
set(TINYMF_BOARD_SENDS_ON "PA2 (header D3)")
set(TINYMF_BOARD_RECEIVES_ON "PA3 (header D2)")
set(TINYMF_BOARD_APPEARS_AS "a serial adapter of 3.3 V, /dev/ttyUSB0")
set(TINYMF_BOARD_POWERED_BY "USB, or the barrel jack")
