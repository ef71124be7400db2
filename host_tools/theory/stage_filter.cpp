// SPDX-License-Identifier: Apache-2.0
#include "theory/stage_filter.hpp"
#include "equations/lu_factors.hpp"

namespace tinymf::host {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// left X right^T as a matrix on the columns of X, one below the other.
MatrixXd on_pairs(const MatrixXd& left, const MatrixXd& right) {
    const Index n = left.rows();
    MatrixXd product(n * n, n * n);
    for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < n; ++j) {
            product.block(n * i, n * j, n, n) = right(i, j) * left;
        }
    }
    return product;
}

MatrixXd swap_of_pairs(Index stages) {
    MatrixXd swap = MatrixXd::Zero(stages * stages, stages * stages);
    for (Index a = 0; a < stages; ++a) {
        for (Index b = 0; b < stages; ++b) {
            swap(a + stages * b, b + stages * a) = 1.0;
        }
    }
    return swap;
}

} // namespace

StageFilter stage_filter(const StageScheme& scheme, double growth) {
    const Index stages = scheme.stages();
    const double decay = scheme.decay() / growth;
    const MatrixXd now = scheme.field.topRows(stages);
    const MatrixXd before =
        scheme.state.head(stages) * scheme.field.row(stages) / growth - decay * now;
    return {decay, on_pairs(now, now) + on_pairs(before, before), on_pairs(now, before),
            on_pairs(before, now), swap_of_pairs(stages)};
}

/// The left side is (1 - decay back)(1 - decay forth) C, so that one pass in each direction solves
/// it; both are stable, and start from a constant.
MatrixXd filtered(const StageFilter& filter, const MatrixXd& fields) {
    const Index last = fields.cols() - 1;
    MatrixXd sources = filter.same * fields;
    sources.leftCols(last) += filter.later * fields.rightCols(last);
    sources.col(last) += filter.later * fields.col(last);
    sources.rightCols(last) += filter.earlier * fields.leftCols(last);
    sources.col(0) += filter.earlier * (filter.swap * fields.col(1));
    VectorXd pass = filter.swap * sources.col(last) / (1.0 - filter.decay);
    for (Index k = last - 1; k > 0; --k) {
        pass = filter.decay * pass + filter.swap * sources.col(k);
    }
    for (Index k = 0; k <= last; ++k) {
        pass = filter.decay * pass + sources.col(k);
        sources.col(k) = pass;
    }
    pass /= 1.0 - filter.decay;
    for (Index k = last; k >= 0; --k) {
        if (k < last) {
            pass = filter.decay * pass + sources.col(k);
        }
        sources.col(k) = pass;
    }
    return sources;
}

MatrixXd decay_matrix(const StageFilter& filter, const VectorXd& slopes) {
    const Index pairs = filter.pairs();
    const MatrixXd one = MatrixXd::Identity(pairs, pairs);
    const MatrixXd weights = slopes.asDiagonal();
    const MatrixXd first = filter.decay * one + filter.earlier * weights;
    MatrixXd earlier = first;
    MatrixXd later = filter.decay * one + filter.later * weights;
    MatrixXd middle = (1.0 + filter.decay * filter.decay) * one - filter.same * weights;
    MatrixXd corner = middle;
    constexpr int most_doublings = 60; // lags up to 2^60 steps
    for (int doubling = 0; doubling < most_doublings; ++doubling) {
        const LuFactors solver(middle);
        const MatrixXd from_earlier = solver.solve(earlier);
        const MatrixXd from_later = solver.solve(later);
        const MatrixXd correction = later * from_earlier;
        corner -= correction;
        middle -= correction + earlier * from_later;
        earlier *= from_earlier;
        later *= from_later;
        if (correction.cwiseAbs().maxCoeff() < 1e-17) {
            break;
        }
    }
    return LuFactors(corner).solve(first);
}

} // namespace tinymf::host
