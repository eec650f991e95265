#pragma once

// Grants: which topic patterns a caller may ask for (API section 8).
//
// Pure functions of texts, any thread. Topics and patterns are those of API section 2: segments
// joined by '/'; in a pattern "*" is one whole segment, and "**", which stands last, is one or
// more. A text that is no pattern covers and matches nothing but itself.

#include <functional>
#include <string>
#include <string_view>

#include "auth/claims.h"

namespace livetape::auth {

// Whether every topic that `requested` matches is matched by `granted`.
bool Covers(std::string_view granted, std::string_view requested);

// Whether there is a topic that both match.
bool Overlaps(std::string_view a, std::string_view b);

// Whether the caller may use the paper account of that name.
using OwnsAccount = std::function<bool(std::string_view account)>;

// Whether `caller` (null: without a token, where none is needed) may use the topic or pattern
// `requested`. With a `topics` claim: it lies within one of the claim's patterns. Without: all but
// patterns that match something in another's user/<x>/... or in paper/<x>/... of an account that
// `owns` (null: of none) does not say is the caller's. Without a token: all but those that match
// something in user/....
bool Allowed(const Claims* caller, std::string_view requested, const OwnsAccount& owns = nullptr);

}  // namespace livetape::auth
