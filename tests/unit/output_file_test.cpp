// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "arrays/npz.hpp"
#include "export/run_export.hpp"
#include "output_file/file_kind.hpp"
#include "output_file/whole_file.hpp"
#include "report/html.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::host {
namespace {

using test::TestFolder;

std::string content_of(const std::filesystem::path& path) {
    const auto bytes = test::read_file(path);
    return {bytes.begin(), bytes.end()};
}

std::vector<std::string> names_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        names.push_back(entry.path().filename());
    }
    return names;
}

TEST(WholeFile, ReplacesAnOlderFileAndLeavesNothingElse) {
    const TestFolder folder;
    write_whole_file(folder / "out", "old and longer");
    write_whole_file(folder / "out", "new text");
    EXPECT_EQ(content_of(folder / "out"), "new text");
    EXPECT_EQ(names_in(folder / ""), std::vector<std::string>{"out"});
}

TEST(WholeFile, TakesNamesOfEveryLegalLength) {
    const TestFolder folder;
    for (const std::size_t length : {1U, 241U, 242U, 254U, 255U}) {
        const auto path = folder / std::string(length, 'n');
        write_whole_file(path, "text");
        EXPECT_EQ(content_of(path), "text") << length;
    }
    EXPECT_THROW(write_whole_file(folder / std::string(256, 'n'), "text"), std::system_error);
    EXPECT_EQ(names_in(folder / "").size(), 5U) << "a failure leaves nothing behind";
}

TEST(WholeFile, HasTheRightsOfAnyNewFile) {
    const TestFolder folder;
    const mode_t mask = ::umask(027);
    ::umask(mask);
    write_whole_file(folder / "out", "text");
    struct stat facts {};
    ASSERT_EQ(::stat((folder / "out").c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0666U & ~mask);
}

TEST(WholeFile, ReplacesALinkAndNotWhatItLeadsTo) {
    const TestFolder folder;
    write_whole_file(folder / "precious", "precious");
    std::filesystem::create_symlink("precious", folder / "out");
    write_whole_file(folder / "out", "text");
    EXPECT_EQ(content_of(folder / "precious"), "precious");
    EXPECT_FALSE(std::filesystem::is_symlink(folder / "out"));
    EXPECT_EQ(content_of(folder / "out"), "text");
}

TEST(WholeFile, SaysWhyItCannotBeWritten) {
    const TestFolder folder;
    EXPECT_THROW(write_whole_file(folder / "none" / "out", "text"), std::system_error);
    std::filesystem::create_directory(folder / "taken");
    EXPECT_THROW(write_whole_file(folder / "taken", "text"), std::system_error);
    EXPECT_EQ(names_in(folder / ""), std::vector<std::string>{"taken"});
}

TEST(FileKind, IsToldByTheBytes) {
    const TestFolder folder;
    const std::array<NamedArray, 1> arrays{text_array("a", "one")};
    const std::array<double, 1> number{1.0};
    write_npz(folder / "run.npz", std::array{named_array<double>("x", "", {1}, number)}, {});
    write_npz(folder / "ref.npz", std::array{named_array<double>("x", "", {1}, number)}, {},
              reference_arrays_mark);
    const std::string page_text = page("tinymf: run", "body");
    const std::vector<std::pair<std::string, FileKind>> cases{
        {"", FileKind::empty},
        {page_text, FileKind::page},
        {"<!DOCTYPE html>\n<title>mine</title>", FileKind::foreign},
        {content_of(folder / "run.npz"), FileKind::run_arrays},
        {content_of(folder / "ref.npz"), FileKind::reference_arrays},
        {npz_file(arrays), FileKind::foreign},
        {"step,t (tau),replica,x0\r\n", FileKind::run_arrays},
        {"t (tau),t' (tau),Cx\r\n", FileKind::run_arrays},
        {"step,value\n0,1\n", FileKind::foreign},
        {"TMFCAP\x01", FileKind::capture},
        {"TMFCA", FileKind::foreign},
        {"tinymf run", FileKind::foreign},
        {"precious", FileKind::foreign},
    };
    for (const auto& [content, kind] : cases) {
        write_whole_file(folder / "file", content);
        EXPECT_EQ(name_of(kind_of_file(folder / "file")), name_of(kind)) << content.substr(0, 30);
    }
}

} // namespace
} // namespace tinymf::host
