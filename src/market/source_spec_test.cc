#include "market/source_spec.h"

#include <gtest/gtest.h>

namespace livetape::market {
namespace {

using Kind = SourceSpec::Kind;

std::string Error(std::string_view text) {
  const auto spec = ParseSourceSpec(text);
  return spec ? "none" : spec.error().message;
}

TEST(SourceSpec, SyntheticAndNoneHaveNoOptions) {
  EXPECT_EQ(ParseSourceSpec("synthetic")->kind, Kind::kSynthetic);
  EXPECT_EQ(ParseSourceSpec("none")->kind, Kind::kNone);
  EXPECT_EQ(Error("synthetic,loop"),
            "source: 'synthetic,loop' is unknown; allowed are synthetic, none, and "
            "replay:FILE[,speed=N][,loop][,wait]");
  EXPECT_NE(Error(""), "none");
}

TEST(SourceSpec, ReplayAloneRunsOnceAtRecordedSpeed) {
  const auto spec = ParseSourceSpec("replay:/tmp/feed.gz");
  EXPECT_EQ(spec->kind, Kind::kReplay);
  EXPECT_EQ(spec->file, "/tmp/feed.gz");
  EXPECT_EQ(spec->speed, 1);
  EXPECT_FALSE(spec->loop || spec->wait);
}

TEST(SourceSpec, OptionsComeInAnyOrder) {
  const auto spec = ParseSourceSpec("replay:feed.gz,wait,speed=0.5,loop");
  EXPECT_EQ(spec->file, "feed.gz");
  EXPECT_EQ(spec->speed, 0.5);
  EXPECT_TRUE(spec->loop && spec->wait);
  EXPECT_EQ(ParseSourceSpec("replay:feed.gz,speed=0")->speed, 0);
}

TEST(SourceSpec, OtherCommasBelongToTheFile) {
  const auto spec = ParseSourceSpec("replay:a,b.csv,looping.csv,loop");
  EXPECT_EQ(spec->file, "a,b.csv,looping.csv");
  EXPECT_TRUE(spec->loop);
  EXPECT_EQ(ParseSourceSpec("replay:a,")->file, "a,");
}

TEST(SourceSpec, ErrorsSayWhatIsAllowed) {
  EXPECT_EQ(Error("replay:"), "source: replay needs a file: replay:FILE[,speed=N][,loop][,wait]");
  EXPECT_EQ(Error("replay:,loop"), Error("replay:"));
  EXPECT_EQ(Error("replay:f,speeed=10"),
            "source: unknown replay option 'speeed=10'; allowed are speed=N, loop, wait");
  EXPECT_EQ(Error("replay:f,loop,g.csv"),
            "source: unknown replay option 'g.csv'; allowed are speed=N, loop, wait");
  for (const char* speed : {"", "x", "-1", "nan", "inf", "1e9", "10x"}) {
    EXPECT_EQ(Error("replay:f,speed=" + std::string(speed)),
              "source: speed must be a number from 0 (as fast as possible) to 1000000, got '" +
                  std::string(speed) + "'");
  }
}

}  // namespace
}  // namespace livetape::market
