#pragma once

// The body of POST /api/v1/events, checked (API section 5). Pure functions.

#include <string>
#include <string_view>
#include <vector>

#include "api/body/body_error.h"
#include "api/events/event_registry.h"

namespace livetape::api {

inline constexpr size_t kRecipientsMax = 1000;
// Of a user's id as a topic segment, percent-encoded.
inline constexpr size_t kUserIdBytesMax = 128;
inline constexpr size_t kUserEventBytesMax = 64 * 1024;

struct UserEvent {
  const UserEventType* type = nullptr;
  std::vector<std::string> users;   // in the given order; empty: a broadcast
  std::vector<std::string> topics;  // one per user, or that of the broadcast
  std::string data;                 // the payload: minified JSON on one line

  bool broadcast() const { return users.empty(); }
};

// Errors name the field and what is right.
BodyResult<UserEvent> ParseUserEvent(std::string_view body);

// user/<user>/<category>, the user as one topic segment.
std::string UserTopic(std::string_view user, std::string_view category);
// broadcast/<category>
std::string BroadcastTopic(std::string_view category);

// The values of the query's `categories`, each perhaps a comma list, each category once; all of
// them if nothing is named. An error lists the valid ones.
BodyResult<std::vector<std::string_view>> ParseCategories(
    const std::vector<std::string>& categories);

}  // namespace livetape::api
