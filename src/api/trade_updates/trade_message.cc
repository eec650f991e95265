#include "api/trade_updates/trade_message.h"

#include <boost/json.hpp>
#include <optional>

#include "base/json_text.h"

namespace livetape::api {
namespace {

namespace json = boost::json;

constexpr std::string_view kTradeUpdates = "trade_updates";
constexpr size_t kActionShownBytes = 64;

std::optional<std::string> TextOf(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains({name.data(), name.size()});
  if (value == nullptr || !value->is_string()) return std::nullopt;
  const json::string& text = value->get_string();
  return std::string(text.data(), text.size());
}

// The member `data`, or the message itself where it has none.
const json::object& DataOf(const json::object& message) {
  const json::value* const data = message.if_contains("data");
  return data != nullptr && data->is_object() ? data->get_object() : message;
}

TradeMessage ParseAuthenticate(const json::object& message) {
  const json::object& data = DataOf(message);
  auto key_id = TextOf(data, "key_id"), secret = TextOf(data, "secret_key");
  if (!key_id) key_id = TextOf(data, "key");
  if (!secret) secret = TextOf(data, "secret");
  if (key_id && secret) return Authenticate{*std::move(key_id), *std::move(secret)};
  return Misunderstood{"authenticate needs data.key_id and data.secret_key"};
}

TradeMessage ParseListen(const json::object& message) {
  const json::value* const streams = DataOf(message).if_contains("streams");
  if (streams == nullptr || !streams->is_array()) {
    return Misunderstood{"listen needs data.streams, a list such as [\"trade_updates\"]"};
  }
  Listen listen;
  for (const json::value& stream : streams->get_array()) {
    if (!stream.is_string()) return Misunderstood{"data.streams must be names of streams"};
    const json::string& name = stream.get_string();
    listen.trade_updates |= std::string_view(name.data(), name.size()) == kTradeUpdates;
  }
  return listen;
}

}  // namespace

TradeMessage ParseTradeMessage(std::string_view text) {
  json::error_code error;
  const json::value parsed = json::parse({text.data(), text.size()}, error);
  if (error || !parsed.is_object()) return Misunderstood{"a message must be a JSON object"};
  const json::object& message = parsed.get_object();
  const auto action = TextOf(message, "action");
  if (!action) return Misunderstood{"a message needs an action: authenticate or listen"};
  if (*action == "authenticate" || *action == "auth") return ParseAuthenticate(message);
  if (*action == "listen") return ParseListen(message);
  return Misunderstood{"the actions are authenticate and listen, not " +
                       action->substr(0, kActionShownBytes)};
}

std::string AuthorizationText(bool authorized, std::string_view action) {
  std::string text = R"({"stream":"authorization","data":{"status":")";
  text += authorized ? "authorized" : "unauthorized";
  text += R"(","action":")";
  text += action;
  text += R"("}})";
  return text;
}

std::string ListeningText(bool trade_updates) {
  std::string text = R"({"stream":"listening","data":{"streams":[)";
  if (trade_updates) text += R"("trade_updates")";
  text += "]}}";
  return text;
}

std::string ErrorText(std::string_view why) {
  std::string text = R"({"stream":"error","action":"error","data":{"error_message":)";
  base::AppendJsonString(text, why);
  text += R"(,"error":)";
  base::AppendJsonString(text, why);
  text += "}}";
  return text;
}

std::string TradeUpdateText(std::string_view data) {
  std::string text;
  text.reserve(data.size() + 40);
  text += R"({"stream":"trade_updates","data":)";
  text += data;
  text += '}';
  return text;
}

}  // namespace livetape::api
