#include "jobs/training/model_json.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "jobs/training/model_fixture.h"

namespace livetape::jobs {
namespace {

TEST(ModelJson, TellsAllFacts) {
  TrainedModel model = ContrarianModel();
  model.facts.symbols = {"A\"B"};
  model.facts.importance = {0.25, 0, 0.75};
  std::string text;
  AppendFacts(text, model.facts);
  EXPECT_TRUE(text.starts_with(
      R"({"model":"direction","symbols":["A\"B"],"timeframe":"1d",)"
      R"("from":"2020-01-01T00:00:00.000000Z","to":"2020-12-31T00:00:00.000000Z",)"
      R"("validation_from":"2020-10-01T00:00:00.000000Z","bars":732,"training_samples":500,)"
      R"("validation_samples":130,"val_up_share":0.53,"rounds":100,"rounds_run":37,)"
      R"("best":{"round":27,"loss":0.65,"accuracy":0.6,"val_loss":0.69,"val_accuracy":0.52},)"
      R"("params":{"max_depth":3,"learning_rate":0.05,"subsample":0.8,"min_child_weight":1,)"
      R"("early_stopping_rounds":10,"validation":0.2,"seed":42},"feature_version":1,)"
      R"("importance":[{"feature":"return_10","gain":0.75},{"feature":"return_1","gain":0.25},)"
      R"({"feature":"return_5","gain":0},)"))
      << text;
  EXPECT_TRUE(text.ends_with(R"("data_hash":"feedbeefdeadcafe"})")) << text;
  const boost::json::value value = boost::json::parse(text);
  EXPECT_EQ(value.at("importance").as_array().size(), kFeatures);
}

}  // namespace
}  // namespace livetape::jobs
