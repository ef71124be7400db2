# SPDX-License-Identifier: Apache-2.0
# NUCLEO-H743ZI2: STM32H743ZI, Cortex-M7 with a float unit for both precisions, 400 MHz.

set(TINYMF_BOARD_DESCRIPTION "Cortex-M7, NUCLEO-H743ZI2")
set(TINYMF_BOARD_CPU -mcpu=cortex-m7 -mthumb -mfloat-abi=hard -mfpu=fpv5-d16)
set(TINYMF_BOARD_FAMILY cortex_m stm32 freestanding)
set(TINYMF_BOARD_LINKER_SCRIPT memory.ld)

set(TINYMF_BOARD_CLOCK_HZ 400000000)
set(TINYMF_BOARD_FLASH_BYTES 2097152)
# Of the chip's 1 MiB, the part that is coupled to the core.
set(TINYMF_BOARD_RAM_BYTES 131072)
set(TINYMF_BOARD_WITNESSES register-strict)
set(TINYMF_BOARD_OPENOCD -f board/st_nucleo_h743zi.cfg)
set(TINYMF_BOARD_UART USART3)
set(TINYMF_BOARD_SENDS_ON "PD8")
set(TINYMF_BOARD_RECEIVES_ON "PD9")
set(TINYMF_BOARD_APPEARS_AS "the ST-LINK's, /dev/ttyACM0")
set(TINYMF_BOARD_POWERED_BY "the ST-LINK's USB")
