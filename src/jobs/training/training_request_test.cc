#include "jobs/training/training_request.h"

#include <gtest/gtest.h>

#include "jobs/backtest/backtest_fixture.h"

namespace livetape::jobs {
namespace {

std::string FaultOf(const TrainingRequest& request) {
  const auto spec = Check(request);
  return spec ? "none" : spec.error().field + ": " + spec.error().message;
}
TrainingRequest Good() {
  TrainingRequest request;
  request.symbols = {"A"};
  return request;
}
TrainingRequest With(const std::string& name, ParameterValue value) {
  TrainingRequest request = Good();
  request.params.emplace(name, std::move(value));
  return request;
}

TEST(TrainingRequest, WhatIsNotGivenIsPreset) {
  const auto spec = Check(Good());
  ASSERT_TRUE(spec) << spec.error().message;
  EXPECT_EQ(spec->rounds, 100);
  EXPECT_EQ(spec->parameters, TrainingParameters());
}

TEST(TrainingRequest, WhatIsGivenIsTaken) {
  TrainingRequest request = With("max_depth", int64_t{5});
  request.params.emplace("learning_rate", 0.3);
  request.params.emplace("subsample", int64_t{1});
  request.params.emplace("min_child_weight", 2.5);
  request.params.emplace("early_stopping_rounds", int64_t{0});
  request.params.emplace("validation", 0.25);
  request.params.emplace("seed", int64_t{2'147'483'647});
  request.rounds = 7;
  const auto spec = Check(request);
  ASSERT_TRUE(spec) << spec.error().message;
  EXPECT_EQ(spec->rounds, 7);
  EXPECT_EQ(spec->parameters, (TrainingParameters{5, 0.3, 1, 2.5, 0, 0.25, 2'147'483'647}));
}

TEST(TrainingRequest, FaultsNameTheFieldAndWhatWouldBeRight) {
  TrainingRequest request = Good();
  request.model = "oracle";
  EXPECT_EQ(FaultOf(request), "model: there is no model oracle; there is: direction");
  EXPECT_EQ(FaultOf({}), "symbols: symbols must name one symbol at least");
  request = Good();
  request.symbols = {"A", "A"};
  EXPECT_EQ(FaultOf(request), "symbols: A is named twice");
  request = Good();
  request.range = {T("2024-02-01"), T("2024-01-01")};
  EXPECT_TRUE(FaultOf(request).starts_with("from: from must not be after to")) << FaultOf(request);
  for (const int64_t rounds : {int64_t{0}, int64_t{-1}, int64_t{1001}}) {
    request = Good();
    request.rounds = rounds;
    EXPECT_EQ(FaultOf(request), "rounds: rounds must be a whole number from 1 to 1000, not " +
                                    std::to_string(rounds));
  }
  EXPECT_EQ(FaultOf(With("max_depth", int64_t{11})),
            "params.max_depth: max_depth must be a whole number from 1 to 10");
  EXPECT_EQ(FaultOf(With("learning_rate", 0.0)),
            "params.learning_rate: learning_rate must be a number from 0.001 to 1");
  EXPECT_EQ(FaultOf(With("depth", int64_t{3})),
            "params.depth: direction has no parameter depth; its parameters: max_depth, "
            "learning_rate, subsample, min_child_weight, early_stopping_rounds, validation, seed");
}

}  // namespace
}  // namespace livetape::jobs
