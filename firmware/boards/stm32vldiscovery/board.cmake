# SPDX-License-Identifier: Apache-2.0
# STM32VLDISCOVERY: STM32F100RB, Cortex-M3 without float unit, 24 MHz.

set(TINYMF_BOARD_DESCRIPTION "Cortex-M3, STM32VLDISCOVERY with 8 KiB of RAM")
set(TINYMF_BOARD_CPU -mcpu=cortex-m3 -mthumb)
set(TINYMF_BOARD_FAMILY cortex_m stm32 freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

set(TINYMF_BOARD_CLOCK_HZ 24000000)
set(TINYMF_BOARD_FLASH_BYTES 131072)
set(TINYMF_BOARD_RAM_BYTES 8192)
set(TINYMF_BOARD_WITNESSES QEMU register-strict)
set(TINYMF_BOARD_QEMU qemu-system-arm -M stm32vldiscovery)
set(TINYMF_BOARD_OPENOCD -f board/stm32vldiscovery.cfg)
set(TINYMF_BOARD_UART USART1)
set(TINYMF_BOARD_SENDS_ON "PA9")
set(TINYMF_BOARD_RECEIVES_ON "PA10")
set(TINYMF_BOARD_APPEARS_AS "a serial adapter of 3.3 V, /dev/ttyUSB0; the ST-LINK has none")
set(TINYMF_BOARD_POWERED_BY "the ST-LINK's USB")
