#include "jobs/training/booster.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "jobs/training/dataset.h"
#include "jobs/training/sample_bars.h"

namespace livetape::jobs {
namespace {

constexpr uint64_t kSeed = 4711;

SampleMatrix MatrixOf(std::span<const Sample> samples) {
  SampleMatrix matrix{
      .features = {kFeatureNames.begin(), kFeatureNames.end()}, .rows = {}, .up = {}};
  for (const Sample& sample : samples) {
    matrix.rows.insert(matrix.rows.end(), sample.features.begin(), sample.features.end());
    matrix.up.push_back(sample.up ? 1 : 0);
  }
  return matrix;
}

TrainingParameters With(uint32_t depth) {
  TrainingParameters parameters;
  parameters.max_depth = depth;
  parameters.learning_rate = 0.3;
  parameters.min_child_weight = 0;
  return parameters;
}
TrainingParameters Seeded(uint32_t seed) {
  TrainingParameters parameters;
  parameters.seed = seed;
  return parameters;
}

class BoosterTest : public testing::Test {
 protected:
  BoosterTest() {
    const std::vector<model::Bar> bars = ZigZag(600, kSeed);
    BarsInMemory reader(bars);
    const TrainingSymbol symbol{"A", &reader};
    data_ = **ReadDataset({}, {&symbol, 1});
  }
  Booster Make(const TrainingParameters& parameters = {}) {
    auto booster =
        Booster::Make(MatrixOf(data_.training()), MatrixOf(data_.validation()), parameters);
    EXPECT_TRUE(booster) << booster.error().message;
    return *std::move(booster);
  }
  static std::vector<RoundFigures> Run(Booster& booster, int rounds) {
    std::vector<RoundFigures> figures;
    for (int i = 0; i < rounds; ++i) figures.push_back(*booster.Round());
    return figures;
  }

  Dataset data_;
};

TEST_F(BoosterTest, LearnsWhatThereIsToLearn) {
  Booster booster = Make();
  const std::vector<RoundFigures> rounds = Run(booster, 40);
  EXPECT_EQ(rounds.front().round, 1);
  EXPECT_EQ(rounds.back().round, 40);
  EXPECT_LT(rounds.back().loss, 0.45);
  EXPECT_GT(rounds.back().val_accuracy, 0.8);
  EXPECT_LT(rounds.back().val_loss, 0.55);
  const auto scored = booster.Importance();
  ASSERT_TRUE(scored) << scored.error().message;
  const std::vector<double>& importance = *scored;
  EXPECT_NEAR(std::accumulate(importance.begin(), importance.end(), 0.0), 1, 1e-6);
  EXPECT_EQ(std::ranges::max_element(importance) - importance.begin(), 0) << "return_1";
}

// Loss and accuracy are those of our own trees' probabilities, by their definitions.
TEST_F(BoosterTest, FiguresAreThoseOfTheProbabilities) {
  Booster booster = Make(With(6));
  const RoundFigures figures = Run(booster, 25).back();
  const TreeEnsemble trees = *booster.Trees();
  double loss = 0, right = 0;
  for (const Sample& sample : data_.validation()) {
    const double p = trees.Probability(sample.features);
    loss -= std::log(sample.up ? p : 1 - p);
    right += (p > 0.5) == sample.up ? 1 : 0;
  }
  const auto count = static_cast<double>(data_.validation().size());
  EXPECT_NEAR(figures.val_loss, loss / count, 1e-5);
  EXPECT_NEAR(figures.val_accuracy, right / count, 1e-6);
}

TEST_F(BoosterTest, OwnTreesForetellAsXgboostDoes) {
  for (const uint32_t depth : {1U, 3U, 8U}) {
    Booster booster = Make(With(depth));
    Run(booster, 60);
    const TreeEnsemble trees = *booster.Trees();
    EXPECT_EQ(trees.trees(), 60);
    EXPECT_EQ(trees.features(), kFeatures);
    const std::vector<float> theirs = *booster.PredictValidation();
    ASSERT_EQ(theirs.size(), data_.validation().size());
    for (size_t i = 0; i < theirs.size(); ++i) {
      EXPECT_NEAR(trees.Probability(data_.validation()[i].features), theirs[i], 1e-6) << i;
    }
  }
}

TEST_F(BoosterTest, TheFirstRoundsAreTheModelOfThatTime) {
  Booster booster = Make();
  Run(booster, 7);
  const TreeEnsemble then = *booster.Trees();
  Run(booster, 13);
  const TreeEnsemble all = *booster.Trees();
  EXPECT_EQ(all.trees(), 20);
  const Booster first = *booster.First(7);
  EXPECT_EQ(first.Trees()->Bytes(), then.Bytes());
  EXPECT_NE(all.Bytes(), then.Bytes());
}

TEST_F(BoosterTest, SameSeedSameModel) {
  Booster one = Make(Seeded(5)), two = Make(Seeded(5)), other = Make(Seeded(6));
  const std::vector<RoundFigures> figures = Run(one, 30);
  EXPECT_EQ(Run(two, 30), figures);
  EXPECT_NE(Run(other, 30), figures);
  EXPECT_EQ(*one.Bytes("ubj"), *two.Bytes("ubj"));
  EXPECT_NE(*one.Bytes("ubj"), *other.Bytes("ubj"));
}

TEST_F(BoosterTest, WhatXgboostRefusesIsAnError) {
  TrainingParameters impossible;
  impossible.subsample = 7;
  Booster booster = Make(impossible);
  const auto round = booster.Round();
  ASSERT_FALSE(round);
  EXPECT_TRUE(round.error().message.starts_with("XGBoost: ")) << round.error().message;
}

}  // namespace
}  // namespace livetape::jobs
