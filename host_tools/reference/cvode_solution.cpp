// SPDX-License-Identifier: Apache-2.0
#include "reference/cvode_solution.hpp"

#include <memory>
#include <stdexcept>
#include <type_traits>

#include <cvode/cvode.h>
#include <fmt/format.h>
#include <nvector/nvector_serial.h>
#include <sundials/sundials_context.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

#include "reference/ode_walk.hpp"

namespace tinymf::host {
namespace {

struct FreeContext {
    void operator()(SUNContext context) const { SUNContext_Free(&context); }
};
struct FreeVector {
    void operator()(N_Vector vector) const { N_VDestroy(vector); }
};
struct FreeSolver {
    void operator()(SUNNonlinearSolver solver) const { SUNNonlinSolFree(solver); }
};
struct FreeMemory {
    void operator()(void* memory) const { CVodeFree(&memory); }
};

template <class Handle, class Free>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, Free>;

void require(int flag, std::string_view what) {
    if (flag < 0) {
        throw std::runtime_error(fmt::format("CVODE: {}: error {}", what, flag));
    }
}

Owned<SUNContext, FreeContext> new_context() {
    SUNContext context = nullptr;
    require(SUNContext_Create(nullptr, &context), "context");
    return Owned<SUNContext, FreeContext>{context};
}

int evaluate(realtype time, N_Vector x, N_Vector dxdt, void* slope) {
    const auto size = static_cast<Eigen::Index>(N_VGetLength(x));
    (*static_cast<const ReplicaSlope*>(slope))({N_VGetArrayPointer(x), size},
                                               {N_VGetArrayPointer(dxdt), size}, time);
    return 0;
}

/// Not stiff: Adams methods, whose implicit equation a fixed-point iteration solves.
class CvodeIntegrator {
public:
    CvodeIntegrator(ReplicaSlope& slope, const Eigen::VectorXd& initial)
        : slope_{slope}, context_{new_context()}, state_{N_VNew_Serial(initial.size(),
                                                                       context_.get())},
          solver_{SUNNonlinSol_FixedPoint(state_.get(), 0, context_.get())}, memory_{CVodeCreate(
                                                                                 CV_ADAMS,
                                                                                 context_.get())} {
        ReplicaSlope::State(N_VGetArrayPointer(state_.get()), initial.size()) = initial;
        require(CVodeInit(memory_.get(), evaluate, 0.0, state_.get()), "start");
        require(CVodeSStolerances(memory_.get(), ode_tolerance, ode_tolerance), "tolerances");
        require(CVodeSetNonlinearSolver(memory_.get(), solver_.get()), "nonlinear solver");
        require(CVodeSetUserData(memory_.get(), &slope_), "slope");
        require(CVodeSetMaxNumSteps(memory_.get(), most_steps), "limit of steps");
        require(CVodeSetErrFile(memory_.get(), nullptr), "messages");
    }

    [[nodiscard]] ReplicaSlope::ConstState state() const {
        return {N_VGetArrayPointer(state_.get()),
                static_cast<Eigen::Index>(N_VGetLength(state_.get()))};
    }

    /// Its multistep formulas must not look back across a jump of the input.
    void restart() { require(CVodeReInit(memory_.get(), time_, state_.get()), "restart"); }

    void advance_to(double time) {
        if (time <= time_) {
            return;
        }
        slope_.enter(time_, time);
        require(CVodeSetStopTime(memory_.get(), time), "end of interval");
        require(CVode(memory_.get(), time, state_.get(), &time_, CV_NORMAL),
                fmt::format("stuck near t = {}", time_));
        time_ = time;
    }

private:
    static constexpr long most_steps = 10'000'000; // between two states

    ReplicaSlope& slope_;
    Owned<SUNContext, FreeContext> context_;
    Owned<N_Vector, FreeVector> state_;
    Owned<SUNNonlinearSolver, FreeSolver> solver_;
    std::unique_ptr<void, FreeMemory> memory_;
    double time_ = 0.0;
};

} // namespace

bool has_cvode() {
    return true;
}

StateTable solve_ode_by_cvode(const NetworkProblem& problem, const DrawnNetwork& drawn,
                              std::uint32_t replica) {
    return walk<CvodeIntegrator>(problem, drawn, replica);
}

} // namespace tinymf::host
