// SPDX-License-Identifier: Apache-2.0
#include "capture/capture_reader.hpp"
#include "capture/capture_writer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "capture_files.hpp"
#include "short_capture.hpp"

namespace tinymf::host {
namespace {

using stream::Kind;
using test::Bytes;
using test::faultless;
using test::FrameSource;
using test::joined;
using test::metadata;
using test::read_file;
using test::record_bytes;
using test::refusal_of;
using test::short_run;
using test::TestFolder;
using test::write_file;

TEST(CaptureFile, GivesBackMetadataAndFrames) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    const Bytes stream = short_run();
    record_bytes(path, stream);

    CaptureReader reader(path);
    EXPECT_EQ(reader.metadata(), metadata);
    const std::uint64_t start = reader.offset();
    const Bytes file = read_file(path);
    EXPECT_EQ(Bytes(file.begin() + static_cast<std::ptrdiff_t>(start), file.end()), stream);

    std::vector<std::uint8_t> kinds;
    std::uint64_t end = start + 1; // a zero comes before the first frame
    while (const auto captured = reader.next()) {
        kinds.push_back(captured->frame.header.kind);
        EXPECT_EQ(captured->place.offset, end);
        end += captured->place.size;
    }
    EXPECT_EQ(kinds, (std::vector<std::uint8_t>{0x01, 0x10, 0x13, 0x1F}));
    EXPECT_EQ(end, file.size());
}

TEST(CaptureFile, ASoundCompleteRunHasNoFindings) {
    const TestFolder folder;
    record_bytes(folder / "run.tmf", short_run());
    CaptureReader reader(folder / "run.tmf");
    const CaptureSurvey found = survey(reader);
    EXPECT_TRUE(found.intact());
    EXPECT_TRUE(found.complete());
    EXPECT_TRUE(found.findings().empty());
    EXPECT_EQ(found.ledger.frames(), 4U);
    EXPECT_EQ(found.bytes, read_file(folder / "run.tmf").size());
}

TEST(CaptureFile, EveryFlippedBitIsDetected) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    record_bytes(path, short_run());
    const Bytes whole = read_file(path);
    ASSERT_TRUE(faultless(path));
    for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
        Bytes damaged = whole;
        damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ (1U << (bit % 8)));
        write_file(path, damaged);
        EXPECT_FALSE(faultless(path)) << "bit " << bit % 8 << " of byte " << bit / 8;
    }
}

TEST(CaptureFile, EveryCutIsDetected) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    record_bytes(path, short_run());
    const Bytes whole = read_file(path);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        write_file(path, Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
        EXPECT_FALSE(faultless(path)) << "cut at byte " << size;
    }
}

TEST(CaptureFile, EveryByteTakenOutOfTheMiddleIsDetected) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    const Bytes stream = short_run();
    for (std::size_t at = 1; at < stream.size(); ++at) { // byte 0 is the idle zero
        Bytes shorter = stream;
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(at));
        record_bytes(path, shorter);
        EXPECT_FALSE(faultless(path)) << "byte " << at;
    }
}

TEST(CaptureFile, ACutFileReadsUpToItsLastWholeFrame) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    FrameSource source;
    const Bytes first = source.frame(Kind::hello);
    const Bytes second = source.frame(Kind::state, Bytes(100, 3));
    for (std::size_t left = 1; left < second.size(); ++left) {
        const Bytes part(second.begin(), second.begin() + static_cast<std::ptrdiff_t>(left));
        record_bytes(path, joined({first, part}));
        CaptureReader reader(path);
        const CaptureSurvey found = survey(reader);
        EXPECT_EQ(found.ledger.frames(), 1U);
        EXPECT_TRUE(found.intact());
        EXPECT_FALSE(found.complete());
        EXPECT_EQ(found.tail, (ByteRange{found.bytes - left, left}));
    }
}

TEST(CaptureFile, NamesTheDamagedPlace) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    FrameSource source;
    const Bytes first = source.frame(Kind::hello);
    Bytes second = source.frame(Kind::state, Bytes(100, 3));
    second[50] = static_cast<std::uint8_t>(second[50] ^ 1U);
    record_bytes(path, joined({first, second, source.frame(Kind::end)}));
    CaptureReader reader(path);
    const std::uint64_t start = reader.offset();
    const CaptureSurvey found = survey(reader);
    EXPECT_EQ(found.damage, (std::vector{ByteRange{start + first.size(), second.size()}}));
    EXPECT_EQ(found.ledger.lost(), 1U);
    EXPECT_FALSE(found.intact());
    EXPECT_TRUE(found.complete());
}

TEST(CaptureFile, RefusesWhatIsNoCapture) {
    const TestFolder folder;
    const auto path = folder / "other";
    const auto open = [&path] { CaptureReader reader(path); };
    EXPECT_EQ(refusal_of(open), "2: " + path.string() + ": No such file or directory");
    write_file(path, {});
    EXPECT_EQ(refusal_of(open), "2: " + path.string() + ": not a capture file");
    write_file(path, {'s', 'c', 'h', 'e', 'm', 'a', '='});
    EXPECT_EQ(refusal_of(open), "2: " + path.string() + ": not a capture file");
    std::filesystem::remove(path);
    std::filesystem::create_directory(path);
    EXPECT_EQ(refusal_of(open), "2: " + path.string() + ": Is a directory");
}

TEST(CaptureFile, RefusesImpossibleMetadataBeforeReadingIt) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    Bytes header{'T', 'M', 'F', 'C', 'A', 'P', 1, 0, 0xFF, 0xFF, 0xFF, 0xFF};
    write_file(path, header);
    EXPECT_EQ(refusal_of([&path] { CaptureReader reader(path); }),
              "3: " + path.string() +
                  ": capture header is damaged: it claims impossibly long metadata");
}

/// A header with a right checksum around any version and metadata.
Bytes header_of(std::uint16_t version, std::string_view text) {
    Bytes header(6 + 2 + 4 + text.size() + 4);
    stream::ByteWriter writer(header);
    for (const char character : capture_magic) {
        writer.put(static_cast<std::uint8_t>(character));
    }
    writer.put(version);
    writer.put(static_cast<std::uint32_t>(text.size()));
    for (const char character : text) {
        writer.put(static_cast<std::uint8_t>(character));
    }
    writer.put(stream::crc32c(writer.written()));
    EXPECT_TRUE(writer.ok());
    return header;
}

TEST(CaptureFile, RefusesAnotherFormatVersionByNumber) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    write_file(path, header_of(2, "{}"));
    EXPECT_EQ(refusal_of([&path] { CaptureReader reader(path); }),
              "2: " + path.string() + ": capture format 2, this tool reads 1");
}

TEST(CaptureFile, RefusesMetadataItCannotRead) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    const std::string deep =
        R"({"experiment":"","source":"","delivery":"","host_tool":{},"more":)" +
        std::string(100'000, '[') + std::string(100'000, ']') + "}";
    for (const std::string_view text :
         {std::string_view("{}"), std::string_view("{"), std::string_view("7"),
          std::string_view(R"({"experiment":1,"source":"","delivery":"","host_tool":{}})"),
          std::string_view(R"({"experiment":"","source":"","delivery":"","host_tool":{"a":1}})"),
          std::string_view(deep)}) {
        write_file(path, header_of(1, text));
        EXPECT_EQ(refusal_of([&path] { CaptureReader reader(path); }),
                  "2: " + path.string() + ": the capture's metadata cannot be read");
    }
}

/// Nothing is read as a number that it is not.
TEST(CaptureFile, RefusesAResumedRunThatNoRunCanBe) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    const auto write_resumed = [&path](const std::string& step, const std::string& inputs) {
        write_file(path,
                   header_of(1, R"({"experiment":"","source":"","delivery":"","host_tool":{},)"
                                R"("resumed":{"capture":"a.tmf","step":)" +
                                    step + R"(,"inputs":)" + inputs + "}}"));
    };
    write_resumed("4294967295", "[[0,-1000000],[4294967295,0.5],[7,1]]");
    const std::optional<ResumedRun> resumed = CaptureReader(path).metadata().resumed;
    ASSERT_TRUE(resumed);
    EXPECT_EQ(resumed->step, 4294967295U);
    EXPECT_EQ(resumed->inputs, (std::vector<LiveInput>{{0, -1e6}, {4294967295U, 0.5}, {7, 1.0}}));
    for (const auto& [step, inputs] : {std::pair{"-1", "[]"},
                                       {"0.5", "[]"},
                                       {"1e20", "[]"},
                                       {"4294967296", "[]"},
                                       {"true", "[]"},
                                       {"5", "[[-1,0.5]]"},
                                       {"5", "[[0.5,0.5]]"},
                                       {"5", "[[4294967296,0.5]]"},
                                       {"5", "[[0,true]]"},
                                       {"5", "[[0,null]]"},
                                       {"5", "[[0,1000000.5]]"},
                                       {"5", "[[0]]"}}) {
        write_resumed(step, inputs);
        EXPECT_EQ(refusal_of([&path] { CaptureReader reader(path); }),
                  "2: " + path.string() + ": the capture's metadata cannot be read")
            << step << ' ' << inputs;
    }
}

} // namespace
} // namespace tinymf::host
