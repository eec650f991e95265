#pragma once

// The words of Alpaca's trade_updates WebSocket: what a client says, as JSON, and what it is
// answered. Pure functions; any thread.
//
// Alpaca sends its answers in binary frames. Ours are text, which every client takes: browsers give
// binary frames as Blobs, the official ones decode both.

#include <string>
#include <string_view>
#include <variant>

namespace livetape::api {

// {"action":"authenticate","data":{"key_id","secret_key"}} or {"action":"auth","key","secret"}
struct Authenticate {
  std::string key_id, secret;
};
// {"action":"listen","data":{"streams":["trade_updates"]}}: from now on these streams and no others.
// Those that do not exist are passed over.
struct Listen {
  bool trade_updates = false;
};
struct Misunderstood {
  std::string why;
};
using TradeMessage = std::variant<Authenticate, Listen, Misunderstood>;

TradeMessage ParseTradeMessage(std::string_view text);

// {"stream":"authorization","data":{"status":"authorized","action":"authenticate"}}
std::string AuthorizationText(bool authorized, std::string_view action);
// {"stream":"listening","data":{"streams":["trade_updates"]}}
std::string ListeningText(bool trade_updates);
// {"stream":"error","action":"error","data":{"error_message":...,"error":...}}: one client looks for
// the action and error_message, another for a stream that is a text and data.error.
std::string ErrorText(std::string_view why);
// {"stream":"trade_updates","data":<data>}; `data` is JSON.
std::string TradeUpdateText(std::string_view data);

}  // namespace livetape::api
