#include "jobs/training/tree_export.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <utility>

namespace livetape::jobs {
namespace {

namespace json = boost::json;

// What is said of anything that is not as XGBoost writes it; caught in this file.
struct NotAsExpected {
  std::string what;
};

const json::value& In(const json::value& object, std::string_view name) {
  const json::object* const fields = object.if_object();
  const json::value* const value = fields != nullptr ? fields->if_contains(name) : nullptr;
  if (value == nullptr) throw NotAsExpected{fmt::format("there is no {}", name)};
  return *value;
}

const json::array& ListIn(const json::value& object, std::string_view name) {
  const json::array* const list = In(object, name).if_array();
  if (list == nullptr) throw NotAsExpected{fmt::format("{} is no list", name)};
  return *list;
}

// XGBoost writes numbers of its settings as text.
double SettingIn(const json::value& object, std::string_view name) {
  const json::string* const text = In(object, name).if_string();
  double value = 0;
  if (text != nullptr) {
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error == std::errc() && end == text->data() + text->size()) return value;
  }
  throw NotAsExpected{fmt::format("{} is no number in quotes", name)};
}

template <typename Type>
Type NumberAt(const json::array& list, size_t at, std::string_view name) {
  if (at < list.size() && list[at].is_number()) {
    return static_cast<Type>(list[at].to_number<double>());
  }
  throw NotAsExpected{fmt::format("{} has no number {}", name, at)};
}

// One tree, its nodes by distance from the root: children come later than what leads to them, and
// side by side.
void AddTree(const json::value& tree, std::vector<TreeNode>& nodes) {
  const json::array& left = ListIn(tree, "left_children");
  const json::array& right = ListIn(tree, "right_children");
  const json::array& features = ListIn(tree, "split_indices");
  const json::array& values = ListIn(tree, "split_conditions");  // of a leaf: what it adds
  const size_t root = nodes.size();
  std::vector<size_t> order = {0};  // numbers of XGBoost
  nodes.emplace_back();
  for (size_t next = 0; next < order.size(); ++next) {
    const size_t from = order[next];
    TreeNode node;
    node.value = NumberAt<float>(values, from, "split_conditions");
    const auto child = NumberAt<int64_t>(left, from, "left_children");
    if (child >= 0) {
      node.feature = NumberAt<uint32_t>(features, from, "split_indices");
      node.left = static_cast<uint32_t>(root + order.size());
      order.push_back(static_cast<size_t>(child));
      order.push_back(static_cast<size_t>(NumberAt<int64_t>(right, from, "right_children")));
      nodes.resize(root + order.size());
    }
    if (order.size() > values.size()) throw NotAsExpected{"a tree goes in circles"};
    nodes[root + next] = node;
  }
}

}  // namespace

base::Result<TreeEnsemble> TreesOfXgboost(std::string_view text) {
  try {
    boost::system::error_code error;
    const json::value model = json::parse(text, error);
    if (error) throw NotAsExpected{error.message()};
    const json::value& learner = In(model, "learner");
    const json::value& settings = In(learner, "learner_model_param");
    const double base = SettingIn(settings, "base_score");
    if (!(base > 0 && base < 1)) throw NotAsExpected{"base_score is no probability"};
    const auto features = static_cast<size_t>(SettingIn(settings, "num_feature"));
    std::vector<uint32_t> roots;
    std::vector<TreeNode> nodes;
    for (const json::value& tree : ListIn(In(In(learner, "gradient_booster"), "model"), "trees")) {
      roots.push_back(static_cast<uint32_t>(nodes.size()));
      AddTree(tree, nodes);
    }
    return TreeEnsemble::Make(features, static_cast<float>(std::log(base / (1 - base))),
                              std::move(roots), std::move(nodes));
  } catch (const NotAsExpected& fault) {
    return base::Fail(
        fmt::format("XGBoost's model is not as expected of version 1.7: {}", fault.what));
  }
}

}  // namespace livetape::jobs
