// SPDX-License-Identifier: Apache-2.0
// What is found in captures that are cut, damaged, torn or long, finding by finding.
#include "capture/capture_reader.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "capture_files.hpp"
#include "tinymf/build_facts.hpp"

namespace tinymf::host {
namespace {

using stream::Kind;
using test::Bytes;
using test::FrameSource;
using test::joined;
using test::TestFolder;
using test::write_file;
using Findings = std::vector<std::string>;

const CaptureMetadata metadata{
    .experiment = "schema = 1\n", .source = "x", .delivery = "lossless", .host_tool = {}};

/// A capture of these bytes behind its header.
class Survey : public testing::Test {
protected:
    CaptureSurvey of(const Bytes& stream) {
        write_file(path(), joined({encode_capture_header(metadata), stream}));
        CaptureReader reader(path());
        return survey(reader);
    }
    [[nodiscard]] std::filesystem::path path() const { return folder_ / "run.tmf"; }

    TestFolder folder_;
    const std::uint64_t start_ = encode_capture_header(metadata).size(); ///< of the stream
};

std::string at(std::uint64_t offset, std::size_t size) {
    return "first damage at byte " + std::to_string(offset) + ", " + std::to_string(size) +
           " bytes long";
}

TEST_F(Survey, TellsAWrongChecksumAndItsPlace) {
    FrameSource source;
    const Bytes hello = source.frame(Kind::hello);
    Bytes state = source.frame(Kind::state, Bytes(40, 3));
    state[20] ^= 4U;
    const CaptureSurvey found = of(joined({hello, state, source.frame(Kind::end)}));
    EXPECT_EQ(found.findings(),
              (Findings{"1 frames with a wrong checksum", at(start_ + hello.size(), state.size()),
                        "1 losses that no GAP frame accounts for"}));
    EXPECT_FALSE(found.intact());
    EXPECT_TRUE(found.complete());
}

TEST_F(Survey, TellsBrokenLongAndShortFrames) {
    FrameSource source;
    const Bytes hello = source.frame(Kind::hello);
    const Bytes end = source.frame(Kind::end);
    const auto findings_of = [&](const Bytes& piece) {
        const CaptureSurvey found = of(joined({hello, piece, end}));
        EXPECT_FALSE(found.intact());
        return found.findings();
    };
    // A COBS block that claims more than there is before the zero.
    EXPECT_EQ(findings_of({9, 1, 2, 0}),
              (Findings{"1 frames broken in their framing", at(start_ + hello.size(), 4)}));
    EXPECT_EQ(findings_of({2, 1, 0}),
              (Findings{"1 frames too short for a checksum", at(start_ + hello.size(), 3)}));
    Bytes longer(2000, 1);
    longer.push_back(0);
    EXPECT_EQ(findings_of(longer),
              (Findings{"1 frames longer than allowed", at(start_ + hello.size(), 2001)}));
    // Two pieces: the first place is told, the count is of both.
    EXPECT_EQ(findings_of({2, 1, 0, 2, 1, 0}),
              (Findings{"2 frames too short for a checksum", at(start_ + hello.size(), 3)}));
    EXPECT_TRUE(of(joined({hello, Bytes{0, 0, 0}, end})).findings().empty())
        << "zeros between frames are no damage";
}

TEST_F(Survey, TellsLossesRepetitionsRestartsAndWhatFollowsEnd) {
    FrameSource source;
    const Bytes hello = source.frame(Kind::hello);
    const Bytes state = source.frame(Kind::state);
    const Bytes end = source.frame(Kind::end);
    const Bytes after = source.frame(Kind::state);
    EXPECT_EQ(of(joined({hello, end})).findings(),
              Findings{"1 losses that no GAP frame accounts for"});
    EXPECT_EQ(of(joined({hello, state, state, end})).findings(),
              Findings{"1 frames repeated or late"});
    FrameSource again;
    again.skip(7);
    EXPECT_EQ(
        of(joined({hello, state, again.frame(Kind::hello), again.frame(Kind::end)})).findings(),
        Findings{"1 restarts of the device"});
    EXPECT_EQ(of(joined({hello, state, end, after})).findings(), Findings{"1 frames after END"});
    EXPECT_EQ(of(joined({hello, state})).findings(), Findings{"there is no END frame"});
    const CaptureSurvey cut =
        of(joined({hello, state, end, Bytes(after.begin(), after.begin() + 5)}));
    EXPECT_EQ(cut.findings(),
              Findings{"the last frame is cut off at byte " +
                       std::to_string(start_ + hello.size() + state.size() + end.size()) +
                       ", 5 bytes"});
    EXPECT_TRUE(cut.intact());
    EXPECT_FALSE(cut.complete());
}

TEST_F(Survey, CountsAllDamageAndRemembersTheFirstThousandPlaces) {
    FrameSource source;
    Bytes stream = source.frame(Kind::hello);
    const std::size_t first = stream.size();
    for (int piece = 0; piece < 1003; ++piece) {
        stream.insert(stream.end(), {2, 1, 0});
    }
    const Bytes end = source.frame(Kind::end);
    stream.insert(stream.end(), end.begin(), end.end());
    const CaptureSurvey found = of(stream);
    EXPECT_EQ(found.counters.undersize, 1003U);
    ASSERT_EQ(found.damage.size(), 1000U);
    EXPECT_EQ(found.damage.front(), (ByteRange{start_ + first, 3}));
    EXPECT_EQ(found.damage.back(), (ByteRange{start_ + first + 999 * 3, 3}));
    EXPECT_EQ(found.bytes, start_ + stream.size());
}

/// Files are read in pieces of 64 KiB; frames lie across their ends.
TEST_F(Survey, FindsEveryFrameOfALongFileInItsPlace) {
    FrameSource source;
    Bytes stream = source.frame(Kind::hello);
    std::vector<ByteRange> places{{0, stream.size()}};
    while (stream.size() < 300'000) {
        const Bytes frame = source.frame(Kind::state, Bytes(stream.size() % 400 + 1, 5));
        places.push_back({stream.size(), frame.size()});
        stream.insert(stream.end(), frame.begin(), frame.end());
    }
    static_cast<void>(of(stream));
    CaptureReader reader(path());
    for (const ByteRange& place : places) {
        const auto frame = reader.next();
        ASSERT_TRUE(frame);
        EXPECT_EQ(frame->place, (ByteRange{start_ + place.offset, place.size}));
    }
    EXPECT_FALSE(reader.next());
    EXPECT_EQ(reader.ledger().frames(), places.size());
    EXPECT_TRUE(reader.ledger().closes());
    EXPECT_EQ(reader.tail().size, 0U);
}

TEST_F(Survey, OfAFileOfExactlyOnePieceIsWhole) {
    FrameSource source;
    Bytes stream = source.frame(Kind::hello);
    const Bytes end = FrameSource(1).frame(Kind::end);
    stream.resize(65536 - end.size()); // zeros
    stream.insert(stream.end(), end.begin(), end.end());
    EXPECT_TRUE(of(stream).findings().empty());
}

/// A file of these bytes, read as a header.
std::string refusal_of(const Bytes& bytes) {
    const TestFolder folder;
    write_file(folder / "x", bytes);
    try {
        const CaptureReader reader(folder / "x");
        return "none";
    } catch (const HostError& error) {
        const std::string name = (folder / "x").string() + ": ";
        EXPECT_EQ(std::string(error.what()).find(name), 0U);
        return std::to_string(error.exit_code()) + ": " + (error.what() + name.size());
    }
}

TEST(CaptureHeader, IsMagicVersionLengthTextAndChecksum) {
    const Bytes header = encode_capture_header(metadata);
    const std::string text(header.begin() + 12, header.end() - 4);
    EXPECT_EQ(std::string(header.begin(), header.begin() + 6), "TMFCAP");
    EXPECT_EQ(Bytes(header.begin() + 6, header.begin() + 12),
              (Bytes{1, 0, static_cast<std::uint8_t>(text.size()), 0, 0, 0}));
    EXPECT_EQ(text, R"({"delivery":"lossless","experiment":"schema = 1\n","host_tool":{},)"
                    R"("source":"x"})");
    EXPECT_EQ(refusal_of(header), "none");
}

TEST(CaptureHeader, IsRefusedWhereverItIsCutOrDamaged) {
    const Bytes header = encode_capture_header(metadata);
    for (std::size_t size = 0; size < header.size(); ++size) {
        const Bytes cut(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(refusal_of(cut),
                  size < 6 ? "2: not a capture file" : "3: capture header is cut short")
            << size;
    }
    for (std::size_t byte = 0; byte < header.size(); ++byte) {
        if (byte >= 8 && byte < 12) {
            continue; // another length, which makes it cut or too long
        }
        Bytes damaged = header;
        damaged[byte] ^= 0x10U;
        EXPECT_EQ(refusal_of(damaged), byte < 6
                                           ? "2: not a capture file"
                                           : "3: capture header is damaged: its checksum disagrees")
            << byte;
    }
    EXPECT_FALSE(begins_as_capture(std::span(header).first(5)));
    EXPECT_TRUE(begins_as_capture(std::span(header).first(6)));
    EXPECT_FALSE(begins_as_capture({}));
}

TEST(CaptureHeader, HoldsUpToAMebibyteOfText) {
    CaptureMetadata large = metadata;
    const std::size_t without = encode_capture_header(large).size() - 16;
    large.experiment.append(largest_capture_metadata - without, 'x');
    const Bytes header = encode_capture_header(large);
    EXPECT_EQ(header.size(), 16U + 1048576U);
    EXPECT_EQ(refusal_of(header), "none");
    large.experiment += 'x';
    try {
        static_cast<void>(encode_capture_header(large));
        FAIL() << "taken";
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_bad_input);
        EXPECT_STREQ(error.what(), "capture metadata: 1048577 bytes, at most 1048576 allowed");
    }
    Bytes longer(12);
    const std::string magic = "TMFCAP";
    std::copy(magic.begin(), magic.end(), longer.begin());
    longer[6] = 1;
    longer[8] = 1;
    longer[10] = 0x10; // 1048577
    EXPECT_EQ(refusal_of(longer),
              "3: capture header is damaged: it claims impossibly long metadata");
    longer[8] = 0;
    EXPECT_EQ(refusal_of(longer), "3: capture header is cut short");
}

TEST(CaptureHeader, TellsWhereAResumedRunCameFrom) {
    CaptureMetadata resumed = metadata;
    resumed.resumed = ResumedRun{
        .capture = "before.tmf", .step = 4'000'000'000U, .inputs = {{7, 0.1}, {9, -1e6}}};
    const TestFolder folder;
    write_file(folder / "x", encode_capture_header(resumed));
    EXPECT_EQ(CaptureReader(folder / "x").metadata(), resumed);
    resumed.resumed->inputs.clear();
    write_file(folder / "x", encode_capture_header(resumed));
    EXPECT_EQ(CaptureReader(folder / "x").metadata(), resumed);
    write_file(folder / "x", encode_capture_header(metadata));
    EXPECT_FALSE(CaptureReader(folder / "x").metadata().resumed);
}

/// Right checksum, any text.
Bytes header_around(const std::string& text) {
    Bytes header(16 + text.size());
    stream::ByteWriter writer(header);
    for (const char character : std::string("TMFCAP")) {
        writer.put(static_cast<std::uint8_t>(character));
    }
    writer.put(std::uint16_t{1});
    writer.put(static_cast<std::uint32_t>(text.size()));
    for (const char character : text) {
        writer.put(static_cast<std::uint8_t>(character));
    }
    writer.put(stream::crc32c(writer.written()));
    return header;
}

TEST(CaptureHeader, NeedsEveryFieldOfItsText) {
    const std::string whole = R"("experiment":"","source":"","delivery":"","host_tool":{})";
    EXPECT_EQ(refusal_of(header_around("{" + whole + "}")), "none");
    const std::string refused = "2: the capture's metadata cannot be read";
    for (const std::string field : {"experiment", "source", "delivery", "host_tool"}) {
        std::string without = whole;
        without.replace(without.find(field), field.size(), "other");
        EXPECT_EQ(refusal_of(header_around("{" + without + "}")), refused) << field;
    }
    for (const std::string resumed :
         {R"({"step":1,"inputs":[]})", R"({"capture":"a","inputs":[]})",
          R"({"capture":"a","step":1})", R"({"capture":"a","step":1,"inputs":[[1]]})",
          R"({"capture":"a","step":1,"inputs":[["a",1]]})", "7"}) {
        EXPECT_EQ(refusal_of(header_around("{" + whole + R"(,"resumed":)" + resumed + "}")),
                  refused)
            << resumed;
    }
    EXPECT_EQ(refusal_of(header_around("{" + whole +
                                       R"(,"resumed":{"capture":"a","step":1,"inputs":[[1,2]]}})")),
              "none");
}

TEST(CaptureHeader, NestsThirtyTwoDeep) {
    const auto nested = [](std::size_t depth) { // of the object itself one
        return header_around(
            R"({"experiment":"","source":"","delivery":"","host_tool":{},"more":)" +
            std::string(depth, '[') + std::string(depth, ']') + "}");
    };
    EXPECT_EQ(refusal_of(nested(32)), "none");
    EXPECT_EQ(refusal_of(nested(33)), "2: the capture's metadata cannot be read");
}

TEST(CaptureHeader, NamesTheToolThatRecords) {
    const auto facts = host_tool_facts();
    EXPECT_EQ(facts.size(), 4U);
    EXPECT_EQ(facts.at("version"), build_facts.version);
    EXPECT_EQ(facts.at("git_hash"), build_facts.git_hash);
    EXPECT_EQ(facts.at("compiler"), build_facts.compiler);
    EXPECT_EQ(facts.at("flags_fingerprint").size(), 8U);
    EXPECT_EQ(std::stoul(facts.at("flags_fingerprint"), nullptr, 16),
              build_facts.flags_fingerprint);
}

} // namespace
} // namespace tinymf::host
