// SPDX-License-Identifier: Apache-2.0
#include "families/freestanding/boot.hpp"

#include <algorithm>

#include "families/freestanding/kept.hpp"

namespace tinymf::firmware {

TINYMF_KEPT FaultRecord fault_record;
TINYMF_KEPT FaultRecord last_fault;
TINYMF_KEPT ResetCause reset_cause;
TINYMF_KEPT BootCount boot_count;
constinit Progress progress{};

BootFacts boot_facts(std::uint32_t float_mode) {
    return {.reset_cause = reset_cause,
            .float_mode = float_mode,
            .boots = boot_count.count,
            .last_fault = &last_fault,
            .stack = whole_stack()};
}

void count_boot(ResetCause told) {
    const bool sound = boot_count.check == ~boot_count.count;
    boot_count.count = sound ? boot_count.count + 1 : 1;
    boot_count.check = ~boot_count.count;
    reset_cause =
        told == ResetCause::unknown && boot_count.count == 1 ? ResetCause::power_on : told;
}

void take_fault_record() {
    last_fault = is_sound(fault_record) ? fault_record : FaultRecord{};
    fault_record.magic = 0;
}

void load_data_and_clear_zeroes() {
    std::copy(tinymf_data_load, tinymf_data_load + (tinymf_data_end - tinymf_data_begin),
              tinymf_data_begin);
    std::fill(tinymf_zero_begin, tinymf_zero_end, 0U);
}

} // namespace tinymf::firmware
