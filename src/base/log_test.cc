#include "base/log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <thread>
#include <utility>
#include <vector>

namespace livetape::base {
namespace {

using namespace std::string_view_literals;

const std::vector<LogField> kFields = {{"path", "/sse/AAPL"},
                                       {"status", uint64_t{200}},
                                       {"change", int64_t{-3}},
                                       {"ms", 1.25},
                                       {"note", "two words"}};

std::string Text(std::string_view value) {
  std::string out;
  AppendLogText(out, "m", std::vector<LogField>{{"v", value}});
  return out;
}

TEST(LogLine, TextIsMessageAndPairs) {
  std::string out;
  AppendLogText(out, "request", kFields);
  EXPECT_EQ(out, R"(request path=/sse/AAPL status=200 change=-3 ms=1.250 note="two words")");
}

TEST(LogLine, JsonIsMembers) {
  std::string out;
  AppendLogJson(out, "a \"b\"", kFields);
  EXPECT_EQ(out, R"("message":"a \"b\"","path":"/sse/AAPL","status":200,"change":-3,"ms":1.250,)"
                 R"("note":"two words")");
}

TEST(LogLine, NoValueForgesAFieldALineOrAnEscapeSequence) {
  EXPECT_EQ(Text(""), R"(m v="")");
  EXPECT_EQ(Text("a=b"), R"(m v="a=b")");
  EXPECT_EQ(Text("a\" status=200"), R"(m v="a\" status=200")");
  EXPECT_EQ(Text("a\\"), R"(m v="a\\")");
  EXPECT_EQ(Text("a\r\n2026 info\0\x1b[2J\x7f\xc2\x9b"sv),
            R"(m v="a\x0d\x0a2026 info\x00\x1b[2J\x7f\xc2\x9b")");
  std::string json;
  AppendLogJson(json, "m", std::vector<LogField>{{"v", "a\"\n\xff"}});
  EXPECT_EQ(json, "\"message\":\"m\",\"v\":\"a\\\"\\n\xef\xbf\xbd\"");
}

TEST(Log, HandsFieldsToItsSinkAsText) {
  std::vector<std::string> lines;
  Log log(LogLevel::kInfo, [&](LogLevel, std::string_view line) { lines.emplace_back(line); });
  log.Write(LogLevel::kInfo, "request", kFields);
  log.Write(LogLevel::kDebug, "request", kFields);
  log.Warning("{} of {}", 1, 2);
  ASSERT_EQ(lines.size(), 2U) << "below the level nothing is written";
  EXPECT_TRUE(lines[0].starts_with("request path=/sse/AAPL status=200")) << lines[0];
  EXPECT_EQ(lines[1], "1 of 2");
}

// stderr as a pipe, while it lives.
class PipedStderr {
 public:
  PipedStderr() : before_(::dup(STDERR_FILENO)) {
    std::array<int, 2> ends = {};
    if (::pipe(ends.data()) != 0) return;
    read_end_ = ends[0];
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[1]);
  }
  ~PipedStderr() {
    Restore();
    ::close(read_end_);
  }
  // The end of all that was written, once nobody can write more.
  void Restore() {
    if (before_ < 0) return;
    ::dup2(before_, STDERR_FILENO);
    ::close(std::exchange(before_, -1));
  }
  std::string ReadToEnd() {
    std::string all;
    std::array<char, 4096> buffer;
    for (ssize_t size = 0; (size = ::read(read_end_, buffer.data(), buffer.size())) > 0;) {
      all.append(buffer.data(), static_cast<size_t>(size));
    }
    return all;
  }

 private:
  int before_;
  int read_end_ = -1;
};

TEST(Log, WriteLaterNeverWaitsForAReader) {
  PipedStderr standard_error;
  std::string all;
  std::thread reader;
  {
    Log log(LogLevel::kInfo, LogFormat::kJson);
    EXPECT_EQ(log.dropped(), 0U);
    for (uint64_t i = 0; i < 30'000; ++i) {
      log.WriteLater(LogLevel::kInfo, "line", std::vector<LogField>{{"n", i}});
    }
    EXPECT_GT(log.dropped(), 10'000U);
    reader = std::thread([&] { all = standard_error.ReadToEnd(); });
  }  // what is queued has been written
  standard_error.Restore();
  reader.join();
  EXPECT_TRUE(all.starts_with("{\"time\":\"")) << all.substr(0, 80);
  EXPECT_TRUE(all.ends_with(R"("level":"info","message":"line","n":29999})"
                            "\n"))
      << "the newest are kept";
}

}  // namespace
}  // namespace livetape::base
