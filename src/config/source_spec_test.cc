#include "config/source_spec.h"

#include <gtest/gtest.h>

namespace livetape::config {
namespace {

TEST(SourceSpec, ReadsWhatItWrites) {
  for (const char* text : {"synthetic", "none", "replay:a.json.gz", "replay:/data/a b.csv,loop",
                           "replay:a,speed=0", "replay:a,speed=2.5,loop,wait"}) {
    const auto spec = ParseSourceSpec(text);
    ASSERT_TRUE(spec) << text;
    EXPECT_EQ(FormatSourceSpec(*spec), text);
  }
}

TEST(SourceSpec, OptionsMayComeInAnyOrder) {
  EXPECT_EQ(ParseSourceSpec("replay:a,wait,speed=20"), ParseSourceSpec("replay:a,speed=20,wait"));
}

TEST(SourceSpec, RefusesWhatItDoesNotKnow) {
  for (const char* text :
       {"", "Synthetic", "synthetic,loop", "replay", "replay:", "replay:,loop", "replay:a,",
        "replay:a,speed", "replay:a,speed=", "replay:a,speed=-1", "replay:a,speed=fast",
        "replay:a,speed=nan", "replay:a,speed=1e7", "replay:a,lop"}) {
    EXPECT_FALSE(ParseSourceSpec(text)) << text;
  }
}

}  // namespace
}  // namespace livetape::config
