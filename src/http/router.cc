#include "http/router.h"

#include <algorithm>
#include <set>

#include "base/assert.h"

namespace livetape::http {
namespace {

bool IsParameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

// "/sse/AAPL" gives "sse", "AAPL"; "/" one empty segment; no leading slash gives nothing.
template <typename Take>
void ForEachSegment(std::string_view path, Take take) {
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    take(segment);
    path.remove_prefix(segment.size());
  }
}

}  // namespace

class Router::Asked {
 public:
  explicit Asked(std::string_view text)
      : text_(text), escaped_(text.find('%') != std::string_view::npos) {
    if (escaped_) decoded_ = PercentDecode(text);
  }
  std::string_view view() const { return escaped_ ? decoded_ : text_; }

 private:
  std::string_view text_;
  bool escaped_;
  std::string decoded_;
};

void Router::Add(Route route) {
  LT_ASSERT(route.pattern.starts_with('/'), "{}", route.pattern);
  LT_ASSERT((route.handler != nullptr) != (route.body != nullptr), "{} {}", route.method,
            route.pattern);
  for (const Route& other : routes_) {
    LT_ASSERT(other.method != route.method || other.pattern != route.pattern, "{} {} twice",
              route.method, route.pattern);
  }
  Way way;
  way.route = routes_.size();
  ForEachSegment(route.pattern, [&](std::string_view segment) {
    way.segments.push_back({std::string(segment), IsParameter(segment)});
  });
  if (ways_.size() <= way.segments.size()) ways_.resize(way.segments.size() + 1);
  ways_[way.segments.size()].push_back(std::move(way));
  routes_.push_back(std::move(route));
}

Router::Match Router::Find(std::string_view method, std::string_view path) const {
  Match match;
  // No pattern has that many: not worth splitting.
  if (std::ranges::count(path, '/') >= static_cast<std::ptrdiff_t>(ways_.size())) return match;
  std::vector<Asked> asked;
  asked.reserve(ways_.size());
  ForEachSegment(path, [&](std::string_view segment) { asked.emplace_back(segment); });

  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  const Way* best = nullptr;
  for (const Way& way : WaysOf(asked.size())) {
    if (routes_[way.route].method != wanted || !Matches(way, asked)) continue;
    if (best == nullptr || MoreSpecific(way, *best)) best = &way;
  }
  if (best == nullptr) {
    match.allow = Allow(asked);
    return match;
  }
  match.route = &routes_[best->route];
  for (size_t i = 0; i < asked.size(); ++i) {
    if (best->segments[i].parameter) match.args.emplace_back(asked[i].view());
  }
  return match;
}

bool Router::Matches(const Way& way, const std::vector<Asked>& asked) {
  return std::ranges::equal(way.segments, asked, [](const Segment& expected, const Asked& given) {
    return expected.parameter ? !given.view().empty() : expected.text == given.view();
  });
}

void Router::SetErrorForm(std::string path_prefix, ErrorForm form) {
  error_forms_.emplace_back(std::move(path_prefix), form);
}

Response Router::InFormOf(std::string_view path, Response response) const {
  if (response.detail.empty()) return response;
  for (const auto& [prefix, form] : error_forms_) {
    if (!path.starts_with(prefix)) continue;
    Response formed = form(response.status, response.detail);
    for (const auto& [name, value] : response.headers.fields()) formed.headers.Add(name, value);
    return formed;
  }
  return response;
}

// The first segment in which they differ decides: a static one beats a parameter.
bool Router::MoreSpecific(const Way& a, const Way& b) {
  for (size_t i = 0; i < a.segments.size(); ++i) {
    if (a.segments[i].parameter != b.segments[i].parameter) return b.segments[i].parameter;
  }
  return false;
}

std::string Router::Allow(const std::vector<Asked>& asked) const {
  std::set<std::string_view> methods;
  for (const Way& way : WaysOf(asked.size())) {
    if (Matches(way, asked)) methods.insert(routes_[way.route].method);
  }
  if (methods.empty()) return "";
  if (methods.contains("GET")) methods.insert("HEAD");
  methods.insert("OPTIONS");
  std::string allow;
  for (const std::string_view allowed : methods) {
    if (!allow.empty()) allow += ", ";
    allow += allowed;
  }
  return allow;
}

const std::vector<Router::Way>& Router::WaysOf(size_t segments) const {
  static const std::vector<Way> none;
  return segments < ways_.size() ? ways_[segments] : none;
}

}  // namespace livetape::http
