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
std::vector<std::string_view> Split(std::string_view path) {
  std::vector<std::string_view> segments;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    segments.push_back(path.substr(0, path.find('/')));
    path.remove_prefix(segments.back().size());
  }
  return segments;
}

bool Matches(const std::vector<std::string_view>& pattern, const std::vector<std::string>& path) {
  return std::ranges::equal(pattern, path, [](std::string_view expected, const std::string& given) {
    return IsParameter(expected) ? !given.empty() : expected == given;
  });
}

// The first segment in which they differ decides: a static one beats a parameter.
bool MoreSpecific(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (IsParameter(a[i]) != IsParameter(b[i])) return IsParameter(b[i]);
  }
  return false;
}

}  // namespace

void Router::Add(Route route) {
  LT_ASSERT(route.pattern.starts_with('/'), "{}", route.pattern);
  LT_ASSERT(route.handler != nullptr, "{} {}", route.method, route.pattern);
  for (const Route& other : routes_) {
    LT_ASSERT(other.method != route.method || other.pattern != route.pattern, "{} {} twice",
              route.method, route.pattern);
  }
  routes_.push_back(std::move(route));
}

Router::Match Router::Find(std::string_view method, std::string_view path) const {
  std::vector<std::string> segments;
  for (const std::string_view segment : Split(path)) segments.push_back(PercentDecode(segment));
  const std::string_view wanted = method == "HEAD" ? "GET" : method;

  Match match;
  std::vector<std::string_view> best;
  std::set<std::string_view> methods;
  for (const Route& route : routes_) {
    std::vector<std::string_view> pattern = Split(route.pattern);
    if (!Matches(pattern, segments)) continue;
    methods.insert(route.method);
    if (route.method != wanted || (match.route != nullptr && !MoreSpecific(pattern, best)))
      continue;
    match.route = &route;
    best = std::move(pattern);
  }
  for (size_t i = 0; i < best.size(); ++i) {
    if (IsParameter(best[i])) match.args.push_back(segments[i]);
  }
  if (methods.empty()) return match;
  if (methods.contains("GET")) methods.insert("HEAD");
  methods.insert("OPTIONS");
  for (const std::string_view allowed : methods) {
    if (!match.allow.empty()) match.allow += ", ";
    match.allow += allowed;
  }
  return match;
}

}  // namespace livetape::http
