#include "api/native/publish_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "api/body/json_objects.h"
#include "api/native/market_tick.h"
#include "api/native/topic_owner.h"
#include "hub/topic_pattern.h"

namespace livetape::api {
namespace {

using Kind = PublishItem::Kind;

constexpr size_t kTypeBytesMax = 64;
constexpr std::array<std::string_view, 11> kReservedTypes = {
    "open", "error", "hello", "connected", "ping", "heartbeat",
    "gap",  "slow",  "drain", "auth",      "batch"};

// Where an item stands, written out only for errors.
struct ItemPath {
  std::optional<size_t> index;  // none: the body is this one item

  std::string Text() const { return index ? fmt::format("items[{}]", *index) : std::string(); }
  std::string Of(std::string_view field) const { return FieldPath(Text(), field); }
};

// The members of one item as they were sent.
struct Members {
  const JsonMember* topic = nullptr;
  const JsonMember* type = nullptr;
  const JsonMember* data = nullptr;
  const JsonMember* item_class = nullptr;
  const JsonMember* key = nullptr;

  const JsonMember** Of(std::string_view name) {
    if (name == "topic") return &topic;
    if (name == "type") return &type;
    if (name == "data") return &data;
    if (name == "class") return &item_class;
    if (name == "key") return &key;
    return nullptr;
  }
};

class PublishParser {
 public:
  BodyResult<PublishBody> Parse(std::string_view body, BodyForm form) {
    auto read = form == BodyForm::kLines ? ParseLines(body) : ParseJson(body);
    if (!read) return std::unexpected(std::move(read.error()));
    if (body_.items.empty()) {
      return std::unexpected(
          BodyError{.detail = "the body holds no item; send at least one {\"topic\",\"data\"}"});
    }
    return std::move(body_);
  }

 private:
  BodyResult<void> ParseJson(std::string_view body) {
    return reader_.ReadEach(body, "the body",
                            [this](std::optional<size_t> index, const JsonObject& object) {
                              body_.listed = index.has_value();
                              return Take(object, ItemPath{index});
                            });
  }

  BodyResult<void> ParseLines(std::string_view body) {
    body_.listed = true;
    constexpr std::string_view kLine = "the line";  // its number is put there in an error
    for (size_t number = 1; !body.empty(); ++number) {
      const size_t end = std::min(body.find('\n'), body.size());
      const std::string_view line = body.substr(0, end);
      body.remove_prefix(std::min(end + 1, body.size()));
      if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      const ItemPath path{body_.items.size()};
      const auto object = reader_.ReadOne(line, kLine);
      if (!object) {
        return std::unexpected(BodyError{
            .status = object.error().status,
            .detail = fmt::format("line {}{}", number, object.error().detail.substr(kLine.size())),
            .field = path.Text()});
      }
      if (auto error = Take(*object, path)) return std::unexpected(std::move(*error));
    }
    return {};
  }

  // Adds the item; or what is wrong with it.
  std::optional<BodyError> Take(const JsonObject& object, const ItemPath& path) {
    if (body_.items.size() == kPublishItemsMax) {
      return BodyError{
          .status = 413,
          .detail = fmt::format("more than {} items in one request; send them in several",
                                kPublishItemsMax),
          .field = path.Text()};
    }
    PublishItem& item = body_.items.emplace_back();
    auto filled = Fill(object, path, item);
    if (!filled) return std::move(filled.error());
    if (item.kind != Kind::kMarket) return std::nullopt;
    auto tick = ParseMarketTick(tick_reader_, item.topic, item.data, path.Text());
    if (!tick) return std::move(tick.error());
    body_.ticks.push_back(std::move(*tick));
    return std::nullopt;
  }

  static BodyResult<void> Fill(const JsonObject& object, const ItemPath& path, PublishItem& item) {
    Members members;
    for (const JsonMember& member : object.members) {
      const JsonMember** const place = members.Of(member.name);
      const auto wrong = [&](std::string_view what) {
        return BadField(path.Of(member.name.substr(0, kTypeBytesMax)), what);
      };
      if (place == nullptr)
        return wrong("is not known; an item has topic, type, data, class and key");
      if (*place != nullptr) return wrong("is given twice");
      if (place != &members.data && member.kind != JsonKind::kString) {
        return wrong(fmt::format("must be a string, got {}", Name(member.kind)));
      }
      *place = &member;
    }
    for (const auto step : {FillTopic, FillType, FillClass, FillData}) {
      if (auto filled = step(members, path, item); !filled) return filled;
    }
    return {};
  }

  static BodyResult<void> FillTopic(const Members& members, const ItemPath& path,
                                    PublishItem& item) {
    if (members.topic == nullptr) return BadField(path.Of("topic"), "is missing");
    item.topic = members.topic->text;
    if (const auto checked = hub::CheckTopic(item.topic); !checked) {
      return BadField(path.Of("topic"), "is wrong: " + checked.error().message);
    }
    const Ownership ownership = OwnerOf(item.topic);
    if (ownership.owner == TopicOwner::kServer) {
      return BadField(path.Of("topic"),
                      fmt::format("'{}' may not be published: {}", item.topic, ownership.instead),
                      403);
    }
    if (ownership.owner == TopicOwner::kMarket) item.kind = Kind::kMarket;
    return {};
  }

  static BodyResult<void> FillType(const Members& members, const ItemPath& path,
                                   PublishItem& item) {
    if (members.type == nullptr) {
      item.type = "message";
      return {};
    }
    item.type = members.type->text;
    if (const auto checked = CheckEventType(item.type); !checked) {
      return BadField(path.Of("type"), checked.error().message);
    }
    return {};
  }

  static BodyResult<void> FillClass(const Members& members, const ItemPath& path,
                                    PublishItem& item) {
    const std::string_view named = members.item_class ? members.item_class->text : "record";
    if (named != "record" && named != "state") {
      return BadField(path.Of("class"), "must be \"record\" or \"state\"");
    }
    if (item.kind != Kind::kMarket) item.kind = named == "state" ? Kind::kState : Kind::kRecord;
    if (members.key == nullptr) return {};
    if (item.kind != Kind::kState) {
      return BadField(path.Of("key"), "goes with \"class\":\"state\" alone");
    }
    if (members.key->text.size() > kStateKeyBytesMax) {
      return BadField(path.Of("key"), fmt::format("is longer than {} bytes", kStateKeyBytesMax));
    }
    item.key = members.key->text;
    return {};
  }

  static BodyResult<void> FillData(const Members& members, const ItemPath& path,
                                   PublishItem& item) {
    const JsonMember* const data = members.data;
    if (data == nullptr) return BadField(path.Of("data"), "is missing; it is any JSON value");
    item.deleted = data->kind == JsonKind::kNull;
    if (item.deleted && item.kind != Kind::kState) {
      return BadField(path.Of("data"),
                      "must not be null; null deletes a key of \"class\":\"state\"");
    }
    if (data->json.size() > kPublishDataBytesMax) {
      return BadField(
          path.Of("data"),
          fmt::format("has {} bytes; at most {}", data->json.size(), kPublishDataBytesMax), 413);
    }
    item.data = data->json;
    return {};
  }

  JsonObjectReader reader_;
  JsonObjectReader tick_reader_;  // reads an item's data while reader_ holds the item
  PublishBody body_;
};

}  // namespace

BodyForm FormOf(std::string_view content_type) {
  constexpr std::string_view kLinesType = "application/x-ndjson";
  std::string_view type = content_type.substr(0, content_type.find(';'));
  type = type.substr(std::min(type.find_first_not_of(" \t"), type.size()));
  type = type.substr(0, type.find_last_not_of(" \t") + 1);
  const bool lines = std::equal(
      type.begin(), type.end(), kLinesType.begin(), kLinesType.end(),
      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; });
  return lines ? BodyForm::kLines : BodyForm::kJson;
}

BodyResult<PublishBody> ParsePublishBody(std::string_view body, BodyForm form) {
  return PublishParser().Parse(body, form);
}

base::Result<void> CheckTypeName(std::string_view type) {
  const bool alphabet = std::all_of(type.begin(), type.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '_' || c == '-';
  });
  if (!alphabet || type.empty() || type.size() > kTypeBytesMax) {
    return base::Fail(fmt::format("must be 1 to {} bytes of A-Za-z0-9._-", kTypeBytesMax));
  }
  return {};
}

base::Result<void> CheckEventType(std::string_view type) {
  if (auto checked = CheckTypeName(type); !checked) return checked;
  if (std::find(kReservedTypes.begin(), kReservedTypes.end(), type) != kReservedTypes.end()) {
    return base::Fail(
        fmt::format("'{}' is the name of an event of the server; "
                    "choose another",
                    type));
  }
  return {};
}

}  // namespace livetape::api
