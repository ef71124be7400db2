// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "tinymf/experiment/engine.hpp"

namespace tinymf::firmware {

/// The models compiled into an image.
template <experiment::Model... Models>
struct ModelList {
    using Engine = experiment::Engine<Models...>;
};

/// A model and its bytes on a board. The host lays the model out in another way, and takes the
/// number from here; a wrong one stops the build of the image, and the message names `actual`.
template <experiment::Model M, std::size_t stated, std::size_t actual = sizeof(M)>
struct Sized {
    static_assert(stated == actual,
                  "a model of firmware/profiles has another size than stated there");
    using Model = M;
};

/// The models of a board, each as Sized<model, bytes>.
template <class... SizedModels>
using BoardModelList = ModelList<typename SizedModels::Model...>;

} // namespace tinymf::firmware
