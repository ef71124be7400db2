// SPDX-License-Identifier: Apache-2.0
#include "export/run_export.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "arrays/mean_field_arrays.hpp"
#include "arrays/npz.hpp"
#include "base/host_error.hpp"
#include "base/problem_list.hpp"
#include "export/csv_array.hpp"
#include "export/observed_arrays.hpp"
#include "output_file/whole_file.hpp"
#include "recording/recorded_mean_field.hpp"

namespace tinymf::host {
namespace {

/// Hands text or bytes on in pieces of a useful size.
class Batches {
public:
    explicit Batches(const ByteSink& sink) : sink_{sink} {}

    void add(std::string_view bytes) {
        constexpr std::size_t batch = std::size_t{1} << 18U;
        bytes_ += bytes;
        if (bytes_.size() >= batch) {
            flush();
        }
    }
    void flush() {
        sink_(bytes_);
        bytes_.clear();
    }

private:
    const ByteSink& sink_;
    std::string bytes_;
};

template <class T>
NamedArray state_array(std::string name, const Recording& recording, const StateSource& states,
                       std::size_t replica) {
    return {std::move(name),
            "",
            std::string(numpy_type<T>),
            {recording.replicas[replica].steps.size(), recording.profile.neurons},
            "",
            [states, replica](const ByteSink& sink) {
                Batches batches(sink);
                std::vector<T> row;
                std::string bytes;
                states(replica, [&](std::uint32_t, std::span<const double> state) {
                    row.assign(state.begin(), state.end());
                    bytes.clear();
                    append_elements(bytes, std::span<const T>(row));
                    batches.add(bytes);
                });
                batches.flush();
            }};
}

template <class T>
NamedArray column(std::string name, std::string unit, const std::vector<T>& values) {
    return named_array<T>(std::move(name), std::move(unit), {values.size()}, values);
}

void add_trace(std::vector<NamedArray>& arrays, const Recording& recording,
               const StateSource& states, std::size_t replica) {
    const StateTrace& trace = recording.replicas[replica];
    const std::string suffix = replica == 0 ? "" : fmt::format("_replica_{}", replica);
    arrays.push_back(recording.profile.scalar == experiment::ScalarKind::float32
                         ? state_array<float>("x" + suffix, recording, states, replica)
                         : state_array<double>("x" + suffix, recording, states, replica));
    if (replica == 0 || trace.steps != recording.replicas.front().steps) {
        std::vector<double> times;
        for (const std::uint32_t step : trace.steps) {
            times.push_back(recording.time_of(step));
        }
        arrays.push_back(column("t" + suffix, "tau", times));
        arrays.push_back(column("step" + suffix, "steps", trace.steps));
    }
}

void add_digests(std::vector<NamedArray>& arrays, const Recording& recording) {
    std::vector<std::uint32_t> steps;
    std::vector<std::uint64_t> digests;
    for (const stream::DigestFrame& mark : recording.digests) {
        steps.push_back(mark.step);
        digests.push_back(mark.states_digest);
    }
    arrays.push_back(column("digest_step", "steps", steps));
    arrays.push_back(column("digest", "", digests));
}

void add_inputs(std::vector<NamedArray>& arrays, const Recording& recording) {
    std::vector<std::uint32_t> steps;
    std::vector<double> values;
    for (const LiveInput& input : recording.live_inputs) {
        steps.push_back(input.step);
        values.push_back(input.value);
    }
    arrays.push_back(column("input_step", "steps", steps));
    arrays.push_back(column("input", "", values));
}

/// A row for each phase of a step; `metadata` names them and the unit.
void add_times(std::vector<NamedArray>& arrays, const Recording& recording) {
    std::vector<std::uint32_t> samples;
    std::vector<std::uint32_t> least;
    std::vector<std::uint32_t> most;
    std::vector<std::uint64_t> total;
    std::vector<std::uint32_t> histogram;
    for (const PhaseTimes& times : recording.times) {
        samples.push_back(times.samples);
        least.push_back(times.least);
        most.push_back(times.most);
        total.push_back(times.total);
        histogram.insert(histogram.end(), times.histogram.begin(), times.histogram.end());
    }
    arrays.push_back(column("timing_samples", "steps", samples));
    arrays.push_back(column("timing_least", "counts", least));
    arrays.push_back(column("timing_most", "counts", most));
    arrays.push_back(column("timing_total", "counts", total));
    arrays.push_back(named_array<std::uint32_t>(
        "timing_histogram", "steps", {recording.times.size(), stream::timing_bins}, histogram));
}

nlohmann::json times_in_json(const Recording& recording) {
    const TimeUnit unit = time_unit(recording.metadata, recording.device);
    nlohmann::json phases = nlohmann::json::array();
    for (const PhaseTimes& times : recording.times) {
        phases.push_back(name_of(times));
    }
    return {{"phases", phases}, {"unit", unit.name}, {"unit_per_count", unit.per_count}};
}

nlohmann::json facts_of(const Recording& recording) {
    const DeviceIntroduction& device = recording.device;
    return {{"experiment", recording.metadata.experiment},
            {"source", recording.metadata.source},
            {"profile", profile_text(recording.profile)},
            {"dt", recording.parameters.dt},
            {"seed", recording.parameters.seed},
            {"sound", recording.judgement.sound()},
            {"unsound", recording.judgement.unsound},
            {"failures", recording.judgement.failures},
            {"complete", recording.survey.complete()},
            {"timing", times_in_json(recording)},
            {"tick", to_json(recording.tick)},
            {"ticks", recording.ticks ? to_json(*recording.ticks) : nlohmann::json()},
            {"device",
             {{"board", device.board},
              {"version", device.version},
              {"git_hash", device.git_hash},
              {"compiler", device.compiler},
              {"flags_fingerprint", fmt::format("{:08x}", device.flags_fingerprint)}}},
            {"host_tool", recording.metadata.host_tool}};
}

/// The table of states, or of rows, holds the array.
bool is_in_table(const NamedArray& array, const Recording& recording) {
    constexpr std::array<std::string_view, 3> of_network{"x", "t", "step"};
    constexpr std::array<std::string_view, 6> of_mean_field{"t", "tau", "Cx", "Cphi", "Rx", "Rphi"};
    const std::string_view suffix = recording.of_network() ? "_replica_" : "_se";
    const std::string_view stem =
        std::string_view(array.name)
            .substr(0, std::min(array.name.find(suffix), array.name.size()));
    return recording.of_network() ? std::ranges::find(of_network, stem) != of_network.end()
                                  : std::ranges::find(of_mean_field, stem) != of_mean_field.end();
}

struct TextFile {
    std::filesystem::path path;
    std::string text;
};

/// A file of another kind begins with another heading.
void require_replaceable(const TextFile& table) {
    constexpr std::size_t longest_name = 255;
    const std::string name = printable(table.path.string(), 4096);
    if (table.path.filename().native().size() > longest_name) {
        throw HostError(exit_bad_input,
                        fmt::format("{}: a name of more than {} bytes, for a table beside the one "
                                    "that was asked for",
                                    name, longest_name));
    }
    const std::string heading = table.text.substr(0, table.text.find('\n') + 1);
    std::string present(heading.size(), '\0');
    std::ifstream file(table.path, std::ios::binary);
    file.read(present.data(), static_cast<std::streamsize>(present.size()));
    present.resize(static_cast<std::size_t>(file.gcount()));
    if (!present.empty() && present != heading) {
        throw HostError(exit_bad_input,
                        fmt::format("{}: holds something else than an older table of that name; "
                                    "--force writes over it",
                                    name));
    }
}

void write_table(const Recording& recording, const StateSource& states,
                 const std::filesystem::path& path) {
    WholeFile file(path);
    visit_csv(recording, states, [&file](std::string_view text) { file.write(text); });
    file.finish();
}

/// The table at `path`, and OUT.NAME.csv beside it for every other array; all or none.
void export_csv(const Recording& recording, const StateSource& states,
                const std::filesystem::path& path, bool force) {
    std::vector<TextFile> beside;
    for (const NamedArray& array : run_arrays(recording, states)) {
        if (!is_in_table(array, recording)) {
            std::filesystem::path name = path;
            beside.push_back({name.replace_extension(array.name + ".csv"), csv_text(array)});
            if (!force) {
                require_replaceable(beside.back());
            }
        }
    }
    write_table(recording, states, path);
    for (const TextFile& table : beside) {
        write_whole_file(table.path, table.text);
    }
}

std::string csv_number(double value, experiment::ScalarKind scalar) {
    return scalar == experiment::ScalarKind::float32 ? fmt::format("{}", static_cast<float>(value))
                                                     : fmt::format("{}", value);
}

} // namespace

std::vector<NamedArray> run_arrays(const Recording& recording, const StateSource& states) {
    std::vector<NamedArray> arrays;
    if (recording.of_network()) {
        for (std::size_t replica = 0; replica < recording.replicas.size(); ++replica) {
            add_trace(arrays, recording, states, replica);
        }
        std::ranges::move(observed_arrays(recording), std::back_inserter(arrays));
    } else if (recording.profile.method == mean_field::Method::stationary) {
        arrays = arrays_of(recorded_stationary(recording));
    } else {
        arrays = arrays_of(recorded_two_time(recording));
    }
    add_digests(arrays, recording);
    if (!recording.live_inputs.empty()) {
        add_inputs(arrays, recording);
    }
    if (!recording.times.empty()) {
        add_times(arrays, recording);
    }
    return arrays;
}

void export_recording(const Recording& recording, const StateSource& states,
                      const std::filesystem::path& path, bool force) {
    const std::string extension = path.extension().string();
    if (extension == ".npz") {
        write_npz(path, run_arrays(recording, states), facts_of(recording));
    } else if (extension == ".csv") {
        export_csv(recording, states, path, force);
    } else if (path == "-") {
        write_table(recording, states, path);
    } else {
        throw HostError(exit_bad_input, fmt::format("{}: the name must end in .npz or .csv",
                                                    printable(path.string(), 4096)));
    }
}

void visit_csv(const Recording& recording, const StateSource& states, const ByteSink& sink) {
    if (!recording.of_network()) {
        sink(recording.profile.method == mean_field::Method::stationary
                 ? csv_text(recorded_stationary(recording))
                 : csv_text(recorded_two_time(recording)));
        return;
    }
    std::string heading =
        csv_field("step") + ',' + csv_field("t (tau)") + ',' + csv_field("replica");
    for (std::uint16_t neuron = 0; neuron < recording.profile.neurons; ++neuron) {
        heading += ',' + csv_field(fmt::format("x{}", neuron));
    }
    Batches batches(sink);
    batches.add(heading + "\r\n");
    for (std::size_t replica = 0; replica < recording.replicas.size(); ++replica) {
        states(replica, [&](std::uint32_t step, std::span<const double> state) {
            std::string line = fmt::format("{},{},{}", step, recording.time_of(step), replica);
            for (const double x : state) {
                line += ',' + csv_number(x, recording.profile.scalar);
            }
            batches.add(line + "\r\n");
        });
    }
    batches.flush();
}

std::string csv_field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        return std::string(text);
    }
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c;
        if (c == '"') {
            quoted += c;
        }
    }
    return quoted + '"';
}

} // namespace tinymf::host
