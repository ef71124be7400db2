// SPDX-License-Identifier: Apache-2.0

#include <array>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "arrays/npy.hpp"
#include "arrays/npz.hpp"
#include "base/host_error.hpp"
#include "export/run_export.hpp"
#include "report/html.hpp"

namespace tinymf::host {
namespace {

std::string header_of(const NamedArray& array) {
    return npy_header(array).substr(10);
}

TEST(Npy, HeaderHasNumPysLayout) {
    const std::array<float, 6> elements{1, 2, 3, 4, 5, 6};
    const std::string file = npy_header(named_array<float>("x", "", {2, 3}, elements));
    EXPECT_EQ(file.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
    const std::size_t header =
        static_cast<std::uint8_t>(file[8]) + 256U * static_cast<std::uint8_t>(file[9]);
    EXPECT_EQ((10 + header) % 64, 0U);
    EXPECT_EQ(file[10 + header - 1], '\n');
    EXPECT_EQ(file.size(), 10 + header);
    EXPECT_NE(file.find("'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), "),
              std::string::npos);
}

TEST(Npy, ShapesAreTuples) {
    const std::array<double, 2> elements{1, 2};
    EXPECT_NE(header_of(named_array<double>("t", "tau", {2}, elements)).find("(2,)"),
              std::string::npos);
    EXPECT_NE(
        header_of(text_array("note", "abc")).find("'<U3', 'fortran_order': False, 'shape': ()"),
        std::string::npos);
}

TEST(Npz, RefusesAShapeThatDoesNotFit) {
    const std::array<double, 2> elements{1, 2};
    for (const std::size_t wrong : {1U, 3U}) {
        NamedArray array = named_array<double>("t", "", {wrong}, elements);
        EXPECT_THROW(static_cast<void>(npz_file({&array, 1})), std::invalid_argument);
        array.stream = [bytes = array.bytes](const ByteSink& sink) { sink(bytes); };
        EXPECT_THROW(static_cast<void>(npz_file({&array, 1})), std::invalid_argument);
    }
}

TEST(Npz, AStreamGivesTheBytesOfTheArrayInMemory) {
    const std::array<double, 3> elements{1, 2, 3};
    const NamedArray whole = named_array<double>("t", "", {3}, elements);
    NamedArray stream = whole;
    stream.bytes.clear();
    stream.stream = [bytes = whole.bytes](const ByteSink& sink) {
        for (const char byte : bytes) {
            sink({&byte, 1});
        }
    };
    EXPECT_EQ(npz_file({&stream, 1}, "mark"), npz_file({&whole, 1}, "mark"));
}

TEST(Npz, EqualArraysGiveEqualBytes) {
    const std::array<NamedArray, 2> arrays{text_array("a", "one"), text_array("b", "")};
    const std::string archive = npz_file(arrays);
    EXPECT_EQ(archive, npz_file(arrays));
    EXPECT_EQ(archive.substr(0, 4), "PK\x03\x04");
    EXPECT_EQ(archive.substr(archive.size() - 22, 4), "PK\x05\x06");
}

TEST(Csv, QuotesOnlyWhereNeeded) {
    EXPECT_EQ(csv_field("plain text"), "plain text");
    EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
    EXPECT_EQ(csv_field("say \"x\""), "\"say \"\"x\"\"\"");
    EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
}

TEST(Csv, NumbersReadBackAsTheSameBits) {
    Recording recording;
    recording.profile.neurons = 2;
    recording.profile.scalar = experiment::ScalarKind::float32;
    recording.written_dt = 0.05;
    recording.replicas.resize(1);
    recording.replicas[0].steps = {10};
    recording.replicas[0].x.add(std::array{static_cast<double>(0.1F), -1e-30});
    std::string text;
    visit_csv(recording, states_in(recording), [&text](std::string_view part) { text += part; });
    EXPECT_EQ(text.substr(0, text.find("\r\n")), "step,t (tau),replica,x0,x1");
    EXPECT_NE(text.find("10,0.5,0,0.1,-1e-30\r\n"), std::string::npos) << text;
}

TEST(Export, RefusesOtherFormats) {
    const Recording recording;
    EXPECT_THROW(export_recording(recording, states_in(recording), "/tmp/run.xlsx"), HostError);
}

TEST(Html, EscapesWhatMeansSomething) {
    EXPECT_EQ(escape_html("<a href=\"x\">&\x01"), "&lt;a href=&quot;x&quot;&gt;&amp; ");
}

} // namespace
} // namespace tinymf::host
