#include "jobs/training/training.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <atomic>
#include <cerrno>
#include <stdexcept>
#include <thread>

#include "jobs/backtest/real_bars.h"
#include "jobs/training/sample_bars.h"

namespace livetape::jobs {
namespace {

constexpr uint64_t kSeed = 99;
class TrainingTest : public testing::Test {
 protected:
  TrainingTest() { worker_.command = {LIVETAPE_TRAINING_WORKER}; }
  // Instead of the worker: a program that behaves in another way.
  void WorkerIs(const std::string& script) {
    worker_.command = {"/bin/sh", "-c", script, "worker"};
  }
  base::Result<std::optional<TrainedModel>> Try() {
    BarsInMemory reader(bars_);
    const TrainingSymbol symbol{"ZIG", &reader};
    return Train(spec_, {&symbol, 1}, worker_, clock_,
                 {.data = {},
                  .round =
                      [this](const RoundFigures& figures) {
                        rounds_.push_back(figures);
                        if (figures.round == stop_after_) stop_.request_stop();
                      },
                  .stop = stop_.get_token()});
  }
  TrainedModel Model() {
    auto model = Try();
    if (!model) throw std::runtime_error(model.error().message);
    if (!*model) throw std::runtime_error("stopped");
    return **std::move(model);
  }
  std::string Fault() {
    const auto model = Try();
    // Whatever happened, the process is gone and has been reaped.
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
    return model ? "no error" : model.error().message;
  }

  std::vector<model::Bar> bars_ = ZigZag(600, kSeed);
  TrainingSpec spec_;
  WorkerSettings worker_;
  const base::RealClock clock_;
  std::stop_source stop_;
  uint32_t stop_after_ = 0;
  std::vector<RoundFigures> rounds_;
};

TEST_F(TrainingTest, MakesAModelWithOneCallARound) {
  spec_.rounds = 30;
  spec_.parameters.early_stopping_rounds = 0;
  const TrainedModel model = Model();
  ASSERT_EQ(rounds_.size(), 30);
  for (uint32_t i = 0; i < 30; ++i) EXPECT_EQ(rounds_[i].round, i + 1);
  const ModelFacts& facts = model.facts;
  EXPECT_EQ(facts.rounds_run, 30);
  EXPECT_EQ(facts.best, rounds_[facts.best.round - 1]);
  EXPECT_EQ(model.trees.trees(), facts.best.round);
  EXPECT_GT(facts.best.val_accuracy, 0.8);
  EXPECT_EQ(facts.symbols, std::vector<std::string>{"ZIG"});
  EXPECT_EQ(facts.bars, 600);
  EXPECT_EQ(facts.first, bars_.front().start);
  EXPECT_EQ(facts.last, bars_.back().start);
  EXPECT_GT(facts.importance[0], 0.5) << "return_1";
  EXPECT_FALSE(model.xgboost.empty());
}

TEST_F(TrainingTest, StopsEarlyAndKeepsTheBestRound) {
  spec_.rounds = 500;
  spec_.parameters.early_stopping_rounds = 7;
  spec_.parameters.learning_rate = 0.5;
  const ModelFacts facts = Model().facts;
  EXPECT_LT(facts.rounds_run, 500);
  EXPECT_EQ(facts.rounds_run, facts.best.round + 7);
  EXPECT_EQ(rounds_.size(), facts.rounds_run);
  for (const RoundFigures& round : rounds_) EXPECT_GE(round.val_loss, facts.best.val_loss);
}

TEST_F(TrainingTest, SameDataAndSeedGiveTheSameBytes) {
  const std::string one = ModelBytes(Model());
  const std::vector<RoundFigures> figures = std::exchange(rounds_, {});
  EXPECT_EQ(ModelBytes(Model()), one);
  EXPECT_EQ(rounds_, figures);
  spec_.parameters.seed = 2;
  EXPECT_NE(ModelBytes(Model()), one);
}

TEST_F(TrainingTest, RealBars) {
  auto google = GoogleDaily();
  if (!google) GTEST_SKIP() << kNoRealBars;
  bars_ = *std::move(google);
  const TrainedModel model = Model();
  EXPECT_EQ(model.facts.bars, 1047);
  EXPECT_EQ(model.facts.training_samples + model.facts.validation_samples, 1047 - 49 - 1 - 1);
  // Nobody foretells the market; but a loss far from a coin's would be a fault.
  EXPECT_LT(model.facts.best.val_loss, 0.72);
  EXPECT_GT(model.facts.best.val_loss, 0.6);
}

TEST_F(TrainingTest, FaultsOfTheBarsComeBeforeTheWorker) {
  bars_.resize(70);
  worker_.command = {"/nonexistent"};
  EXPECT_TRUE(Fault().starts_with("too few bars: 70 ")) << Fault();
}

TEST_F(TrainingTest, AWorkerThatIsKilledIsAnError) {
  WorkerIs("kill -9 $$");
  EXPECT_EQ(Fault(),
            "the training process ended with signal 9 (Killed) before it had a model; somebody "
            "killed it, or the machine is out of memory");
  WorkerIs("kill -SEGV $$");
  EXPECT_EQ(Fault(),
            "the training process ended with signal 11 (Segmentation fault) before it had a model");
}

TEST_F(TrainingTest, AWorkerThatEndsItselfIsAnErrorWithItsWords) {
  WorkerIs("echo 'no such library' >&2; exit 3");
  EXPECT_EQ(Fault(),
            "the training process ended with status 3 before it had a model: no such library ");
  WorkerIs("cat > /dev/null");
  EXPECT_EQ(Fault(), "the training process ended with status 0 before it had a model");
  worker_.command = {"/nonexistent/worker"};
  EXPECT_EQ(Fault(), "/nonexistent/worker cannot be started: No such file or directory");
}

TEST_F(TrainingTest, AWorkerThatTalksNonsenseIsAnError) {
  WorkerIs("echo hello; cat > /dev/null");
  EXPECT_EQ(Fault(), "the training process says what cannot be understood: hello");
  WorkerIs("cat /dev/zero");
  EXPECT_TRUE(Fault().starts_with("the training process says what cannot be understood: "));
  WorkerIs(R"(echo '{"round":2,"loss":1,"accuracy":1,"val_loss":1,"val_accuracy":1}')");
  EXPECT_EQ(Fault(), "the training process says round 2 after 0 of 100");
  WorkerIs(R"(echo '{"round":1,"loss":"x","accuracy":1,"val_loss":1,"val_accuracy":1}')");
  EXPECT_TRUE(Fault().starts_with("the training process says what cannot be understood: "));
  WorkerIs(R"(echo '{"model_bytes":999999999999}'; cat > /dev/null)");
  EXPECT_EQ(Fault(),
            "the training process made a model of 999999999999 bytes; 268435456 are the most");
  WorkerIs(R"(echo '{"model_bytes":5}'; printf 12345)");
  EXPECT_EQ(Fault(), "5 bytes are no model of the worker");
  WorkerIs(R"(echo '{"model_bytes":5}'; printf 1234567)");
  EXPECT_EQ(Fault(), "the training process says more than its model");
  WorkerIs(R"(echo '{"model_bytes":5}'; printf 123)");
  EXPECT_EQ(Fault(), "the training process ended with status 0 before it had a model");
}

TEST_F(TrainingTest, AWorkerThatHangsIsEnded) {
  worker_.silence_max = std::chrono::milliseconds(300);
  WorkerIs("exec tail -f /dev/null");
  EXPECT_EQ(Fault(), "the training process has hung and was ended: nothing from it for 0.3 s");
  // Neither words on stderr nor a closed stdout are a sign of life.
  WorkerIs("cat > /dev/null; exec >&-; while true; do echo more >&2; done");
  EXPECT_EQ(Fault(), "the training process has hung and was ended: nothing from it for 0.3 s");
}

TEST_F(TrainingTest, StopEndsTheWorkerAtOnce) {
  spec_.rounds = kRoundsMax;
  spec_.parameters.early_stopping_rounds = 0;
  stop_after_ = 3;
  const auto model = Try();
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_FALSE(*model);
  EXPECT_LT(rounds_.size(), kRoundsMax);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST_F(TrainingTest, StopFromAnotherThreadEndsAWorkerThatHangs) {
  WorkerIs(R"(echo '{"round":1,"loss":1,"accuracy":1,"val_loss":1,"val_accuracy":1}'
              exec tail -f /dev/null)");
  stop_after_ = 0;
  std::stop_source& stop = stop_;
  std::atomic<bool> heard = false;
  BarsInMemory reader(bars_);
  const TrainingSymbol symbol{"ZIG", &reader};
  std::jthread stopper([&] {
    heard.wait(false);
    stop.request_stop();
  });
  const auto model = Train(spec_, {&symbol, 1}, worker_, clock_,
                           {.data = {},
                            .round =
                                [&](const RoundFigures&) {
                                  heard = true;
                                  heard.notify_one();
                                },
                            .stop = stop_.get_token()});
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_FALSE(*model);
}

TEST_F(TrainingTest, MemoryIsLimited) {
  worker_.memory_mib = 8;
  bars_ = ZigZag(80'000, kSeed);
  const std::string fault = Fault();
  EXPECT_TRUE(fault.find("out of memory: the training process may use 8 MiB") != std::string::npos)
      << fault;
}

}  // namespace
}  // namespace livetape::jobs
