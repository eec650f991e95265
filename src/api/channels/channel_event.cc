#include "api/channels/channel_event.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/body/json_objects.h"
#include "base/topic_segment.h"
#include "hub/topic_pattern.h"

namespace livetape::api {
namespace {

// How much of a wrong value an error repeats.
constexpr size_t kShownBytes = 64;

bool HasType(const JsonMember& member, FieldType type) {
  switch (type) {
    case FieldType::kString:
      return member.kind == JsonKind::kString;
    case FieldType::kNumber:
      return member.kind == JsonKind::kNumber;
    case FieldType::kObject:
      return member.kind == JsonKind::kObject;
    case FieldType::kAny:
      return true;
  }
  return false;
}

std::string_view Name(FieldType type) {
  switch (type) {
    case FieldType::kString:
      return "a string";
    case FieldType::kNumber:
      return "a number";
    case FieldType::kObject:
      return "an object";
    case FieldType::kAny:
      return "any JSON value but null";
  }
  return "";
}

// What the field must be, for the end of "... must be".
std::string Wanted(const ChannelField& field) {
  if (field.percent) return "between 0 and 100";
  if (!field.choices.empty()) {
    return fmt::format("one of {}", fmt::join(field.choices, ", "));
  }
  return std::string(Name(field.type));
}

// What an error shows of a value: scalars as they are, of others what they are.
std::string Shown(const JsonMember& member) {
  const bool scalar = member.kind != JsonKind::kArray && member.kind != JsonKind::kObject;
  if (!scalar || member.json.size() > kShownBytes) return std::string(Name(member.kind));
  return std::string(member.json);
}

bool HasRightValue(const JsonMember& member, const ChannelField& field) {
  if (!HasType(member, field.type)) return false;
  if (!field.choices.empty()) {
    return std::find(field.choices.begin(), field.choices.end(), member.text) !=
           field.choices.end();
  }
  if (field.type != FieldType::kNumber) return true;
  const auto number = NumberOf(member.json);
  return number && (!field.percent || (*number >= 0 && *number <= 100));
}

BodyResult<void> CheckField(const JsonObject& object, const ChannelField& field) {
  const JsonMember* const member = object.Find(field.name);
  const bool missing = member == nullptr || member->kind == JsonKind::kNull;
  if (missing) {
    if (!field.required) return {};
    return BadField(std::string(field.name),
                    fmt::format("is missing; it must be {}", Wanted(field)));
  }
  if (!HasRightValue(*member, field)) {
    return BadField(std::string(field.name),
                    fmt::format("must be {}, got {}", Wanted(field), Shown(*member)));
  }
  if (object.Count(field.name) > 1) return BadField(std::string(field.name), "is given twice");
  return {};
}

// The topic's last segment.
BodyResult<std::string> TopicId(const Channel& channel, const JsonObject& object) {
  const JsonMember* const member = object.Find(channel.id_field);
  const bool missing = member == nullptr || member->kind == JsonKind::kNull;
  std::string id = base::EncodeTopicSegment(missing ? channel.id_default : member->text);
  if (id.empty() || id.size() > kChannelIdBytesMax) {
    return BadField(std::string(channel.id_field),
                    fmt::format("must have 1 to {} bytes, percent-encoded as a topic segment; "
                                "it has {}",
                                kChannelIdBytesMax, id.size()));
  }
  return id;
}

}  // namespace

BodyResult<ChannelEvent> ParseChannelEvent(const Channel& channel, std::string_view body) {
  JsonObjectReader reader;
  const auto object = reader.ReadOne(body);
  if (!object) return std::unexpected(object.error());
  for (const ChannelField& field : channel.fields) {
    if (auto checked = CheckField(*object, field); !checked) {
      return std::unexpected(std::move(checked.error()));
    }
  }
  const auto id = TopicId(channel, *object);
  if (!id) return std::unexpected(id.error());
  if (object->json.size() > kChannelDataBytesMax) {
    return std::unexpected(
        BodyError{.status = 413,
                  .detail = fmt::format("the event has {} bytes; at most {}", object->json.size(),
                                        kChannelDataBytesMax)});
  }
  ChannelEvent event;
  event.channel = &channel;
  event.topic = fmt::format("{}/{}", channel.topic, *id);
  if (channel.is_state()) event.key = object->Find(channel.key_field)->text;
  event.data = object->json;
  return event;
}

}  // namespace livetape::api
