// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "arrays/array.hpp"
#include "output_file/file_kind.hpp"

namespace tinymf::host {

/// The arrays as a NumPy .npz archive: a zip of stored (uncompressed) .npy members, from 4 GiB on
/// with the extensions called zip64. Equal arrays give equal bytes; members carry the zip epoch as
/// their date. The archive ends with its comment. Arrays that are not in memory are read twice,
/// first for their checksum; then memory does not grow with them.
void visit_npz(std::span<const NamedArray> arrays, std::string_view comment, const ByteSink& sink);

/// The same in memory.
[[nodiscard]] std::string npz_file(std::span<const NamedArray> arrays,
                                   std::string_view comment = {});

/// Writes the archive with one more member, `metadata`: a JSON text of `facts` and of the arrays'
/// units. `mark` becomes the archive's comment (output_file/file_kind.hpp).
/// `json.loads(str(numpy.load(path)["metadata"]))` reads it.
void write_npz(const std::filesystem::path& path, std::span<const NamedArray> arrays,
               nlohmann::json facts, std::string_view mark = run_arrays_mark);

} // namespace tinymf::host
