#pragma once

// TreeEnsemble: what a model of boosted trees foretells, worked out here and not by the library that
// made it, so that whatever that does stays out of the server. Immutable; any thread.
//
// Of each tree a row of features reaches one leaf: from the root to the left child where the feature
// is less than the node's threshold, else to the right one. The probability is
// 1 / (1 + exp(-(base + sum of the leaves))), in single precision as XGBoost has it.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace livetape::jobs {

// A leaf, or a choice between two nodes of the same tree that stand side by side.
struct TreeNode {
  static constexpr uint32_t kLeaf = 0xffff'ffff;

  bool leaf() const { return feature == kLeaf; }
  friend bool operator==(const TreeNode&, const TreeNode&) = default;

  uint32_t feature = kLeaf;
  uint32_t left = 0;  // the right one follows; later than this node
  float value = 0;    // the threshold, or what the leaf adds
};

class TreeEnsemble {
 public:
  static constexpr size_t kTreesMax = 1'000;
  static constexpr size_t kNodesMax = 4'000'000;

  // Nodes of all trees, one tree behind another; `roots` are in order and begin with 0. The error
  // says which node leads astray: not to a later one of its tree, not to a feature, or by a number
  // that is not finite.
  static base::Result<TreeEnsemble> Make(size_t features, float base, std::vector<uint32_t> roots,
                                         std::vector<TreeNode> nodes);
  // What Bytes has written: every byte is checked.
  static base::Result<TreeEnsemble> Parse(std::string_view bytes);
  std::string Bytes() const;

  // That the next bar closes higher, 0 to 1. `row` has features() values.
  float Probability(std::span<const float> row) const;

  size_t features() const { return features_; }
  size_t trees() const { return roots_.size(); }
  size_t nodes() const { return nodes_.size(); }

 private:
  TreeEnsemble(size_t features, float base, std::vector<uint32_t> roots,
               std::vector<TreeNode> nodes);

  size_t features_;
  float base_;  // log odds without any tree
  std::vector<uint32_t> roots_;
  std::vector<TreeNode> nodes_;
};

}  // namespace livetape::jobs
