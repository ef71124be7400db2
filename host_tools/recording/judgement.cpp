// SPDX-License-Identifier: Apache-2.0
#include "recording/judgement.hpp"

#include "base/host_error.hpp"

namespace tinymf::host {

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::pass:
        return "pass";
    case Verdict::fail:
        return "fail";
    case Verdict::unsound:
        break;
    }
    return "unsound";
}

int exit_code_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::pass:
        return exit_passed;
    case Verdict::fail:
        return exit_failed;
    case Verdict::unsound:
        break;
    }
    return exit_unsound_stream;
}

std::string_view name_of(const Judgement& judgement) {
    if (!judgement.sound()) {
        return "unsound";
    }
    return judgement.failures.empty() ? "sound" : "failed";
}

} // namespace tinymf::host
