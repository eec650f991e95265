#include "jobs/training/tree_ensemble.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "jobs/training/tree_export.h"

namespace livetape::jobs {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

TreeNode Choice(uint32_t feature, float threshold, uint32_t left) {
  return {.feature = feature, .left = left, .value = threshold};
}
TreeNode Leaf(float value) { return {.value = value}; }

// Two trees: x0 < 1 ? (x1 < 2 ? 0.1 : 0.2) : 0.4, and 0.05.
base::Result<TreeEnsemble> Two() {
  return TreeEnsemble::Make(
      2, 0.5, {0, 5},
      {Choice(0, 1, 1), Choice(1, 2, 3), Leaf(0.4F), Leaf(0.1F), Leaf(0.2F), Leaf(0.05F)});
}

TEST(TreeEnsemble, SumsOneLeafOfEachTree) {
  const TreeEnsemble trees = *Two();
  const auto odds = [&](float x0, float x1) {
    const double p = trees.Probability(std::array{x0, x1});
    return std::log(p / (1 - p));
  };
  EXPECT_NEAR(odds(0, 0), 0.5 + 0.1 + 0.05, 1e-6);
  EXPECT_NEAR(odds(0, 2), 0.5 + 0.2 + 0.05, 1e-6) << "equal to the threshold goes right";
  EXPECT_NEAR(odds(1, 0), 0.5 + 0.4 + 0.05, 1e-6);
  EXPECT_EQ(trees.trees(), 2);
  EXPECT_EQ(trees.nodes(), 6);
}

TEST(TreeEnsemble, BytesAreReadAsTheSame) {
  const std::string bytes = Two()->Bytes();
  const auto read = TreeEnsemble::Parse(bytes);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->Bytes(), bytes);
  EXPECT_EQ(read->features(), 2);
  for (size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(TreeEnsemble::Parse(std::string_view(bytes).substr(0, i))) << i;
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    EXPECT_FALSE(TreeEnsemble::Parse(changed)) << i;
  }
}

std::string FaultOf(std::vector<uint32_t> roots, std::vector<TreeNode> nodes, float base = 0) {
  const auto trees = TreeEnsemble::Make(2, base, std::move(roots), std::move(nodes));
  return trees ? "none" : trees.error().message;
}

TEST(TreeEnsemble, NoNodeLeadsAstray) {
  const std::string damaged = "the trees are damaged: node ";
  const std::string later = " leads to a node that is not a later one of its tree";
  EXPECT_EQ(FaultOf({0}, {Choice(0, 1, 0), Leaf(1)}), damaged + "0" + later);
  EXPECT_EQ(FaultOf({0}, {Choice(0, 1, 1), Leaf(1)}), damaged + "0" + later);
  EXPECT_EQ(FaultOf({0}, {Choice(0, 1, 0xffff'fffe), Leaf(1), Leaf(1)}), damaged + "0" + later);
  EXPECT_EQ(FaultOf({0, 2}, {Choice(0, 1, 1), Leaf(1), Leaf(1)}), damaged + "0" + later);
  EXPECT_EQ(FaultOf({0}, {Choice(2, 1, 1), Leaf(1), Leaf(1)}),
            damaged + "0 asks for a feature that there is not");
  EXPECT_EQ(FaultOf({0}, {Leaf(kNan)}), damaged + "0 has a number that is not finite");
  EXPECT_EQ(FaultOf({0}, {Leaf(1)}, kNan), damaged + "0 is not where they begin");
  EXPECT_EQ(FaultOf({0, 1}, {Leaf(1)}), damaged + "1 is the root of an empty tree");
  EXPECT_EQ(FaultOf({0, 9}, {Leaf(1)}), damaged + "9 is a root but not there");
  EXPECT_EQ(FaultOf({0, 0}, {Leaf(1)}), damaged + "0 is the root of an empty tree");
  EXPECT_EQ(FaultOf({}, {}),
            "0 trees with 0 nodes: 1 to 1000 trees and up to 4000000 nodes are possible");
}

// Node 3 stands before its parent in XGBoost's numbering, as it may after pruning.
constexpr std::string_view kXgboost = R"({"learner": {
  "gradient_booster": {"model": {"trees": [{
    "left_children": [2, -1, 1, -1, -1], "right_children": [4, -1, 3, -1, -1],
    "split_indices": [0, 0, 1, 0, 0], "split_conditions": [1, 0.1, 2, 0.2, 0.4]}]}},
  "learner_model_param": {"base_score": "5E-1", "num_feature": "2"}}})";

TEST(TreesOfXgboost, AreNumberedAnew) {
  const auto trees = TreesOfXgboost(kXgboost);
  ASSERT_TRUE(trees) << trees.error().message;
  const auto odds = [&](float x0, float x1) {
    const double p = trees->Probability(std::array{x0, x1});
    return std::log(p / (1 - p));
  };
  EXPECT_NEAR(odds(0, 0), 0.1, 1e-6);
  EXPECT_NEAR(odds(0, 3), 0.2, 1e-6);
  EXPECT_NEAR(odds(2, 0), 0.4, 1e-6);
}

TEST(TreesOfXgboost, WhatIsNotExpectedIsAnError) {
  const auto with = [](std::string_view what, std::string_view instead) {
    std::string json(kXgboost);
    const size_t at = json.find(what);
    EXPECT_NE(at, std::string::npos);
    json.replace(at, what.size(), instead);
    const auto trees = TreesOfXgboost(json);
    return trees ? "none" : trees.error().message;
  };
  const std::string unlike = "XGBoost's model is not as expected of version 1.7: ";
  EXPECT_EQ(with("\"learner\"", "\"lerner\""), unlike + "there is no learner");
  EXPECT_EQ(with("5E-1", "x"), unlike + "base_score is no number in quotes");
  EXPECT_EQ(with("5E-1", "1"), unlike + "base_score is no probability");
  EXPECT_EQ(with("[2, -1, 1, -1, -1]", "[2, 0, 1, -1, -1]"), unlike + "a tree goes in circles");
  EXPECT_EQ(with("[2, -1, 1, -1, -1]", "[77, -1, 1, -1, -1]"),
            unlike + "split_conditions has no number 77");
  EXPECT_EQ(with("[4, -1, 3, -1, -1]", "\"\""), unlike + "right_children is no list");
  EXPECT_TRUE(with("{\"learner\"", "{{").starts_with(unlike));
}

}  // namespace
}  // namespace livetape::jobs
