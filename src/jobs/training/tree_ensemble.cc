#include "jobs/training/tree_ensemble.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <utility>

#include "base/assert.h"
#include "floor/image_bytes.h"

namespace livetape::jobs {
namespace {

constexpr char kKind = 'E';
constexpr uint8_t kVersion = 1;

std::unexpected<base::Error> Astray(size_t node, std::string_view how) {
  return base::Fail(fmt::format("the trees are damaged: node {} {}", node, how));
}

// The nodes of one tree, from `first` to before `end`.
base::Result<void> CheckTree(size_t features, std::span<const TreeNode> nodes, size_t first,
                             size_t end) {
  if (first >= end) return Astray(first, "is the root of an empty tree");
  for (size_t i = first; i < end; ++i) {
    const TreeNode& node = nodes[i];
    if (!std::isfinite(node.value)) return Astray(i, "has a number that is not finite");
    if (node.leaf()) continue;
    if (node.feature >= features) return Astray(i, "asks for a feature that there is not");
    if (node.left <= i || node.left + size_t{1} >= end) {
      return Astray(i, "leads to a node that is not a later one of its tree");
    }
  }
  return {};
}

}  // namespace

TreeEnsemble::TreeEnsemble(size_t features, float base, std::vector<uint32_t> roots,
                           std::vector<TreeNode> nodes)
    : features_(features), base_(base), roots_(std::move(roots)), nodes_(std::move(nodes)) {}

base::Result<TreeEnsemble> TreeEnsemble::Make(size_t features, float base,
                                              std::vector<uint32_t> roots,
                                              std::vector<TreeNode> nodes) {
  if (roots.empty() || roots.size() > kTreesMax || nodes.size() > kNodesMax) {
    return base::Fail(
        fmt::format("{} trees with {} nodes: 1 to {} trees and up to {} nodes are "
                    "possible",
                    roots.size(), nodes.size(), kTreesMax, kNodesMax));
  }
  if (!std::isfinite(base) || roots.front() != 0) return Astray(0, "is not where they begin");
  for (size_t tree = 0; tree < roots.size(); ++tree) {
    const size_t end = tree + 1 < roots.size() ? roots[tree + 1] : nodes.size();
    if (end > nodes.size()) return Astray(end, "is a root but not there");
    if (auto sound = CheckTree(features, nodes, roots[tree], end); !sound) {
      return std::unexpected(std::move(sound.error()));
    }
  }
  return TreeEnsemble(features, base, std::move(roots), std::move(nodes));
}

float TreeEnsemble::Probability(std::span<const float> row) const {
  LT_ASSERT(row.size() == features_, "{} features, {} expected", row.size(), features_);
  float sum = base_;
  for (const uint32_t root : roots_) {
    const TreeNode* node = &nodes_[root];
    while (!node->leaf()) {
      node = &nodes_[row[node->feature] < node->value ? node->left : node->left + 1];
    }
    sum += node->value;
  }
  return 1 / (1 + std::exp(-sum));
}

std::string TreeEnsemble::Bytes() const {
  floor::ImageWriter out(kKind, kVersion);
  out.All(static_cast<uint64_t>(features_), std::bit_cast<uint32_t>(base_));
  out.Count(roots_.size());
  for (const uint32_t root : roots_) out.Pass(root);
  out.Count(nodes_.size());
  for (const TreeNode& node : nodes_) {
    out.All(node.feature, node.left, std::bit_cast<uint32_t>(node.value));
  }
  return std::move(out).Sealed();
}

base::Result<TreeEnsemble> TreeEnsemble::Parse(std::string_view bytes) {
  auto in = floor::ImageReader::Open(bytes, kKind, kVersion, "list of trees");
  if (!in) return std::unexpected(std::move(in.error()));
  uint64_t features = 0;
  uint32_t base = 0;
  in->All(features, base);
  std::vector<uint32_t> roots(in->Count());
  for (uint32_t& root : roots) in->Pass(root);
  std::vector<TreeNode> nodes(in->Count());
  for (TreeNode& node : nodes) {
    uint32_t value = 0;
    in->All(node.feature, node.left, value);
    node.value = std::bit_cast<float>(value);
  }
  if (!in->Complete()) return base::Fail("the list of trees is cut short or has a field too many");
  return Make(features, std::bit_cast<float>(base), std::move(roots), std::move(nodes));
}

}  // namespace livetape::jobs
