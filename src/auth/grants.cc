#include "auth/grants.h"
#include "base/topic_segment.h"

#include <fmt/format.h>

#include <algorithm>

namespace livetape::auth {
namespace {

// The segments of a pattern, one after another.
class Segments {
 public:
  explicit Segments(std::string_view text) : rest_(text) { Take(); }

  bool done() const { return done_; }
  std::string_view now() const { return now_; }
  bool any_rest() const { return now_ == "**" && last_; }
  void Next() {
    done_ = last_;
    if (!done_) Take();
  }

 private:
  void Take() {
    const size_t slash = rest_.find('/');
    last_ = slash == std::string_view::npos;
    now_ = rest_.substr(0, slash);
    rest_.remove_prefix(last_ ? rest_.size() : slash + 1);
  }

  std::string_view rest_;
  std::string_view now_;
  bool last_ = false;
  bool done_ = false;
};

}  // namespace

bool Covers(std::string_view granted, std::string_view requested) {
  Segments outer(granted);
  Segments inner(requested);
  for (; !outer.done() && !inner.done(); outer.Next(), inner.Next()) {
    if (outer.any_rest()) return true;
    if (inner.any_rest()) return false;
    if (outer.now() != "*" && outer.now() != inner.now()) return false;
  }
  return outer.done() && inner.done();
}

bool Overlaps(std::string_view a, std::string_view b) {
  Segments left(a);
  Segments right(b);
  for (; !left.done() && !right.done(); left.Next(), right.Next()) {
    if (left.any_rest() || right.any_rest()) return true;
    if (left.now() != "*" && right.now() != "*" && left.now() != right.now()) return false;
  }
  return left.done() && right.done();
}

bool Allowed(const Claims* caller, std::string_view requested, const OwnsAccount& owns) {
  if (caller == nullptr) return !Overlaps(requested, "user/**");
  if (caller->topics) {
    return std::ranges::any_of(*caller->topics, [requested](const std::string& granted) {
      return Covers(granted, requested);
    });
  }
  const std::string own = fmt::format("user/{}/**", base::EncodeTopicSegment(caller->subject));
  if (Overlaps(requested, "user/**") && !Covers(own, requested)) return false;
  if (!Overlaps(requested, "paper/**")) return true;
  Segments segments(requested);
  if (segments.now() != "paper") return false;
  segments.Next();
  const bool one_account = !segments.done() && segments.now() != "*" && segments.now() != "**";
  return one_account && owns && owns(segments.now());
}

}  // namespace livetape::auth
