#include "jobs/training/worker_protocol.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace livetape::jobs {
namespace {

// A round is told in a line, and the best one once more with the model: both have to be the same.
TEST(WorkerProtocol, FiguresOfARoundComeAsTheyWere) {
  base::Random random(1);
  for (int i = 0; i < 10'000; ++i) {
    const RoundFigures said{1, random.Unit(), random.Unit(), 10 * random.Unit(), random.Unit()};
    const auto line = ParseWorkerLine(LineOf(said));
    ASSERT_TRUE(line);
    const auto& heard = std::get<RoundFigures>(*line);
    EXPECT_EQ(heard.loss, said.loss);
    EXPECT_EQ(heard.accuracy, said.accuracy);
    EXPECT_EQ(heard.val_loss, said.val_loss);
    EXPECT_EQ(heard.val_accuracy, said.val_accuracy);
  }
}

TEST(WorkerProtocol, ALineThatIsNoneIsNothing) {
  for (const char* const line :
       {"", "1", "{}", "{\"round\":0}", "{\"round\":1,\"loss\":\"0\"}",
        "{\"round\":1,\"loss\":1e999,\"accuracy\":0,\"val_loss\":0,\"val_accuracy\":0}"}) {
    EXPECT_FALSE(ParseWorkerLine(line)) << line;
  }
}

}  // namespace
}  // namespace livetape::jobs
