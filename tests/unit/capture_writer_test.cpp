// SPDX-License-Identifier: Apache-2.0
#include "capture/capture_writer.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/host_error.hpp"
#include "capture/capture_reader.hpp"
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

TEST(CaptureWriter, RefusesMetadataThatIsNoText) {
    CaptureMetadata broken = metadata;
    broken.experiment = "\xFF\xFE";
    EXPECT_EQ(refusal_of([&broken] { static_cast<void>(encode_capture_header(broken)); }),
              "2: capture metadata: text is not UTF-8");
    broken.experiment = std::string(largest_capture_metadata, 'x');
    EXPECT_EQ(
        refusal_of([&broken] { static_cast<void>(encode_capture_header(broken)); }).substr(0, 21),
        "2: capture metadata: ");
}

TEST(CaptureWriter, TakesNamesThatAreNoText) {
    CaptureMetadata odd = metadata;
    odd.source = "file:\xFF.tmf";
    odd.resumed = ResumedRun{"\xC3(.tmf", 7, {}};
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    write_file(path, encode_capture_header(odd));
    const CaptureMetadata read = CaptureReader(path).metadata();
    EXPECT_EQ(read.source, "file:\\xff.tmf");
    EXPECT_EQ(read.resumed->capture, "\\xc3(.tmf");
}

TEST(CaptureWriter, ReplacesACaptureButNothingElse) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    record_bytes(path, Bytes(1000, 1));
    record_bytes(path, short_run());
    EXPECT_TRUE(faultless(path));

    const Bytes notes{'n', 'o', 't', 'e', 's', ' ', 'o', 'f', ' ', 'm', 'i', 'n', 'e'};
    write_file(path, notes);
    EXPECT_EQ(refusal_of([&path] { CaptureWriter writer(path, metadata); }),
              "2: " + path.string() + ": exists and is no capture; not overwritten");
    EXPECT_EQ(read_file(path), notes);
}

TEST(CaptureWriter, RefusesAFileThatIsBeingRecorded) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    CaptureWriter writer(path, metadata);
    writer.append(short_run());
    EXPECT_EQ(refusal_of([&path] { CaptureWriter other(path, metadata); }),
              "2: " + path.string() + ": another process is recording into it");
    writer.close();
    EXPECT_TRUE(faultless(path));
}

TEST(CaptureWriter, SaysWhyAFileCannotBeOpened) {
    const TestFolder folder;
    const auto absent = folder / "absent" / "run.tmf";
    EXPECT_EQ(refusal_of([&absent] { CaptureWriter writer(absent, metadata); }),
              "2: " + absent.string() + ": No such file or directory");
    const auto directory = folder / "";
    EXPECT_EQ(refusal_of([&directory] { CaptureWriter writer(directory, metadata); }),
              "2: " + directory.string() + ": Is a directory");
}

TEST(CaptureWriter, SaysThatTheDiskIsFull) {
    ASSERT_TRUE(std::filesystem::exists("/dev/full"));
    EXPECT_EQ(refusal_of([] { CaptureWriter writer("/dev/full", metadata); }),
              "4: /dev/full: No space left on device");
}

TEST(CaptureWriter, AFileLimitLeavesAReadableCapture) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{4096, 4096};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const std::string refusal = refusal_of([&path] {
            FrameSource source;
            CaptureWriter writer(path, metadata);
            for (int count = 0; count < 1000; ++count) {
                writer.append(source.frame(Kind::state, Bytes(100, 1)));
                writer.flush();
            }
        });
        ::_exit(refusal == "4: " + path.string() + ": File too large" ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    CaptureReader reader(path);
    const CaptureSurvey found = survey(reader);
    EXPECT_GT(found.ledger.frames(), 20U);
    EXPECT_TRUE(found.intact());
    EXPECT_FALSE(found.complete());
}

TEST(CaptureWriter, AKillLosesNothingThatWasFlushed) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    constexpr std::uint32_t frames_before_the_kill = 50;
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        FrameSource source;
        CaptureWriter writer(path, metadata);
        for (std::uint32_t count = 0; count < frames_before_the_kill; ++count) {
            writer.append(source.frame(Kind::state, Bytes(30, 1)));
        }
        writer.flush();
        ::raise(SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    CaptureReader reader(path);
    const CaptureSurvey found = survey(reader);
    EXPECT_EQ(found.ledger.frames(), frames_before_the_kill);
    EXPECT_TRUE(found.intact());
    EXPECT_FALSE(found.complete());
    EXPECT_EQ(found.findings(), std::vector<std::string>{"there is no END frame"});
}

TEST(CaptureWriter, FlushesByItselfWhenMuchWaits) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    CaptureWriter writer(path, metadata);
    writer.append(Bytes(CaptureWriter::flush_every_bytes, 1));
    EXPECT_GE(read_file(path).size(), CaptureWriter::flush_every_bytes);
    EXPECT_EQ(writer.bytes(), CaptureWriter::flush_every_bytes);
}

/// "TMF" is no capture yet, and "TMFCAP" alone is a torn one.
TEST(CaptureWriter, ReplacesATornCaptureAndAnEmptyFile) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    for (const Bytes& torn : {Bytes{}, Bytes{'T', 'M', 'F', 'C', 'A', 'P'}, Bytes(500, 'T')}) {
        write_file(path, torn);
        const bool foreign = torn.size() == 500;
        EXPECT_EQ(refusal_of([&path] { record_bytes(path, short_run()); }).empty(), !foreign);
        EXPECT_EQ(faultless(path), !foreign);
    }
    write_file(path, {'T', 'M', 'F'});
    EXPECT_FALSE(refusal_of([&path] { CaptureWriter writer(path, metadata); }).empty());
    EXPECT_EQ(read_file(path), (Bytes{'T', 'M', 'F'}));
}

TEST(CaptureWriter, WritesItsHeaderAtOnceAndTheRestInOrder) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    const Bytes header = encode_capture_header(metadata);
    Bytes expected = header;
    {
        CaptureWriter writer(path, metadata);
        EXPECT_EQ(read_file(path), header);
        EXPECT_EQ(writer.bytes(), 0U);
        for (std::uint8_t piece = 1; piece <= 3; ++piece) {
            writer.append(Bytes(piece, piece));
            expected.insert(expected.end(), piece, piece);
        }
        EXPECT_EQ(writer.bytes(), 6U);
        writer.flush();
        EXPECT_EQ(read_file(path), expected);
        writer.append(Bytes{9});
        expected.push_back(9);
    }
    EXPECT_EQ(read_file(path), expected) << "what waits is written before the writer goes";
}

TEST(CaptureWriter, ClosesItsFileForOthers) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    CaptureWriter writer(path, metadata);
    writer.append(short_run());
    writer.close();
    EXPECT_TRUE(faultless(path));
    EXPECT_NO_THROW(CaptureWriter(path, metadata)) << "the lock is gone";
    writer.append(Bytes(CaptureWriter::flush_every_bytes, 1));
    writer.flush();
    writer.close();
    EXPECT_LT(read_file(path).size(), 1000U) << "closed for good";
}

/// A tenth of a second, or 64 KiB. How soon a busy machine comes back is not ours, so that one of
/// many tries must show that a little waits.
TEST(CaptureWriter, FlushesByItselfWhenTimeHasPassed) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    CaptureWriter writer(path, metadata);
    bool waited = false;
    for (int attempt = 0; attempt < 50 && !waited; ++attempt) {
        writer.flush();
        const std::size_t before = read_file(path).size();
        writer.append(Bytes{1});
        waited = read_file(path).size() == before;
    }
    EXPECT_TRUE(waited);
    const Bytes almost(CaptureWriter::flush_every_bytes - 1, 1);
    bool waited_again = false;
    for (int attempt = 0; attempt < 50 && !waited_again; ++attempt) {
        writer.flush();
        const std::size_t before = read_file(path).size();
        writer.append(almost);
        waited_again = read_file(path).size() == before;
    }
    EXPECT_TRUE(waited_again);
    writer.append(Bytes{1});
    writer.flush();
    const std::size_t before = read_file(path).size();
    std::this_thread::sleep_for(std::chrono::milliseconds(110));
    writer.append(Bytes{1});
    EXPECT_EQ(read_file(path).size(), before + 1);
}

/// A pipe is written to, with nothing to replace or to lock, and nothing to wait for on closing.
TEST(CaptureWriter, RecordsIntoAPipe) {
    const TestFolder folder;
    const auto path = folder / "pipe";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
    ASSERT_GE(reader, 0);
    EXPECT_EQ(refusal_of([&path] { record_bytes(path, short_run()); }), "");
    Bytes read(4096);
    read.resize(static_cast<std::size_t>(std::max<ssize_t>(::read(reader, read.data(), 4096), 0)));
    EXPECT_EQ(read, joined({encode_capture_header(metadata), short_run()}));
    ::close(reader);
    EXPECT_EQ(refusal_of([] { record_bytes("/dev/null", short_run()); }), "");
}

/// Behind a torn place nothing is written.
TEST(CaptureWriter, TriesNothingAgainAfterAFailedWrite) {
    const TestFolder folder;
    const auto path = folder / "run.tmf";
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        CaptureWriter writer(path, metadata);
        rlimit limit{};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        const rlimit tight{1000, limit.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &tight);
        writer.append(Bytes(2000, 1));
        const bool failed = !refusal_of([&writer] { writer.flush(); }).empty();
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const bool quiet = refusal_of([&writer] { writer.close(); }).empty();
        ::_exit(failed && quiet ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(read_file(path).size(), 1000U);
}

} // namespace
} // namespace tinymf::host
