#include "api/events/event_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <set>

#include "base/topic_segment.h"
#include "hub/topic_pattern.h"

namespace livetape::api {
namespace {

// The members of a body, in the order of this table.
constexpr std::array<std::string_view, 5> kMembers = {"user_id", "user_ids", "broadcast", "event",
                                                      "data"};
enum Place : size_t { kUserId, kUserIds, kBroadcast, kEvent, kData };

using Members = std::array<const JsonMember*, kMembers.size()>;

BodyResult<Members> MembersOf(const JsonObject& body) {
  Members members{};
  for (const JsonMember& member : body.members) {
    const auto at = std::find(kMembers.begin(), kMembers.end(), member.name);
    if (at == kMembers.end()) {
      return BadField(std::string(member.name.substr(0, 64)),
                      fmt::format("is not known; a user event has {}", fmt::join(kMembers, ", ")));
    }
    const JsonMember*& place = members[static_cast<size_t>(at - kMembers.begin())];
    if (place != nullptr) return BadField(std::string(member.name), "is given twice");
    place = &member;
  }
  return members;
}

BodyResult<void> AddUser(std::string_view user, std::string field, UserEvent& event) {
  const size_t bytes = base::EncodeTopicSegment(user).size();
  if (bytes == 0 || bytes > kUserIdBytesMax) {
    return BadField(std::move(field),
                    fmt::format("must have 1 to {} bytes, percent-encoded as a topic segment; "
                                "it has {}",
                                kUserIdBytesMax, bytes));
  }
  event.users.emplace_back(user);
  return {};
}

BodyResult<void> AddUsers(const JsonMember& member, UserEvent& event) {
  const auto wrong = [&member](std::string_view got) {
    return BadField(
        std::string(member.name),
        fmt::format("must be an array of 1 to {} strings, got {}", kRecipientsMax, got));
  };
  if (member.kind != JsonKind::kArray) return wrong(Name(member.kind));
  boost::json::error_code ec;
  boost::json::parse_options options;
  options.max_depth = kJsonDepthMax;
  const auto parsed = boost::json::parse(boost::json::string_view(member.json), ec, {}, options);
  if (ec) return wrong(ec.message());
  const auto& users = parsed.as_array();
  if (users.empty() || users.size() > kRecipientsMax) {
    return wrong(fmt::format("{} of them", users.size()));
  }
  std::set<std::string_view> seen;
  for (size_t i = 0; i < users.size(); ++i) {
    std::string field = fmt::format("user_ids[{}]", i);
    if (!users[i].is_string()) return BadField(std::move(field), "must be a string");
    const std::string_view user(users[i].get_string());
    if (!seen.insert(user).second) {
      return BadField(std::move(field), "is named twice; name each user once");
    }
    if (auto added = AddUser(user, std::move(field), event); !added) return added;
  }
  return {};
}

BodyResult<void> AddRecipients(const Members& members, UserEvent& event) {
  const auto given = std::count_if(members.begin(), members.begin() + kEvent,
                                   [](const JsonMember* member) { return member != nullptr; });
  if (given != 1) {
    return std::unexpected(BodyError{
        .detail = fmt::format("exactly one of user_id, user_ids and broadcast is needed, got {}",
                              given == 0 ? "none" : "several"),
        .field = given == 0 ? "user_id" : ""});
  }
  if (const JsonMember* const one = members[kUserId]) {
    if (one->kind == JsonKind::kString) return AddUser(one->text, "user_id", event);
    return BadField("user_id", fmt::format("must be a string, got {}", Name(one->kind)));
  }
  if (const JsonMember* const many = members[kUserIds]) return AddUsers(*many, event);
  if (members[kBroadcast]->json == "true") return {};
  return BadField("broadcast", "must be true; without it name user_id or user_ids");
}

BodyResult<void> FindType(const Members& members, UserEvent& event) {
  const JsonMember* const name = members[kEvent];
  if (name == nullptr)
    return BadField("event", "is missing; it is a type such as ai.response.chunk");
  event.type = FindUserEventType(name->text);
  if (event.type != nullptr) return {};
  return BadField("event", name->kind != JsonKind::kString
                               ? fmt::format("must be a string, got {}", Name(name->kind))
                               : fmt::format("'{}' is not registered; GET /api/v1/events/registry "
                                             "lists the types",
                                             name->text.substr(0, 64)));
}

BodyResult<void> AddPayload(const Members& members, UserEvent& event) {
  const JsonMember* const data = members[kData];
  if (data == nullptr || data->kind != JsonKind::kObject) {
    return BadField("data", data == nullptr
                                ? "is missing; it is the payload, an object"
                                : fmt::format("must be an object, got {}", Name(data->kind)));
  }
  if (data->json.size() > kUserEventBytesMax) {
    return BadField("data",
                    fmt::format("has {} bytes; at most {}", data->json.size(), kUserEventBytesMax),
                    413);
  }
  JsonObjectReader reader;
  const auto payload = reader.ReadOne(data->json, "data");
  if (!payload) return BadField("data", "is wrong: " + payload.error().detail);
  event.data = payload->json;
  return CheckPayload(*event.type, *payload);
}

}  // namespace

BodyResult<UserEvent> ParseUserEvent(std::string_view body) {
  JsonObjectReader reader;
  const auto object = reader.ReadOne(body);
  if (!object) return std::unexpected(object.error());
  const auto members = MembersOf(*object);
  if (!members) return std::unexpected(members.error());
  UserEvent event;
  for (const auto step : {AddRecipients, FindType, AddPayload}) {
    if (auto done = step(*members, event); !done) return std::unexpected(std::move(done.error()));
  }
  for (const std::string& user : event.users) {
    event.topics.push_back(UserTopic(user, event.type->category));
  }
  if (event.broadcast()) event.topics.push_back(BroadcastTopic(event.type->category));
  return event;
}

std::string UserTopic(std::string_view user, std::string_view category) {
  return fmt::format("user/{}/{}", base::EncodeTopicSegment(user), category);
}

std::string BroadcastTopic(std::string_view category) {
  return fmt::format("broadcast/{}", category);
}

BodyResult<std::vector<std::string_view>> ParseCategories(
    const std::vector<std::string>& categories) {
  std::set<std::string_view> wanted;
  for (const std::string_view list : categories) {
    for (size_t at = 0; at < list.size();) {
      const size_t end = std::min(list.find(',', at), list.size());
      const std::string_view name = list.substr(at, end - at);
      at = end + 1;
      if (name.empty()) continue;
      if (!IsEventCategory(name)) {
        return BadField("categories", fmt::format("names '{}'; valid are {}", name.substr(0, 64),
                                                  fmt::join(EventCategories(), ", ")));
      }
      wanted.insert(name);
    }
  }
  std::vector<std::string_view> chosen;
  for (const std::string_view category : EventCategories()) {
    if (wanted.empty() || wanted.contains(category)) chosen.push_back(category);
  }
  return chosen;
}

}  // namespace livetape::api
