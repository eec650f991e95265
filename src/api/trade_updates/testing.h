#pragma once

// For tests of trade_updates: accounts by key, and sockets that keep what they are sent.

#include <map>
#include <string>
#include <utility>

#include "api/paper/account_access.h"
#include "http/websocket.h"
#include "tape/record.h"

namespace livetape::api::testing {

// The key is the account's name; the secret is "secret".
class KeysByName final : public AccountAccess {
 public:
  std::expected<AccountWish, http::Response> OfAlpaca(const http::Request& request) const override {
    const auto key = request.headers.Find("APCA-API-KEY-ID");
    return AccountWish{std::string(key.value_or("paper"))};
  }
  std::expected<AccountWish, std::string> OfKey(std::string_view key_id,
                                                std::string_view secret) const override {
    if (secret != "secret") return std::unexpected("request is not authorized");
    return AccountWish{std::string(key_id)};
  }
  std::expected<AccountWish, http::Response> OfNative(const http::Request&) const override {
    return AccountWish{"paper"};
  }
};

class FakeWebSockets final : public http::WebSockets {
 public:
  struct Socket {
    std::string text;  // one line a message
    unsigned closed = 0;
  };

  void Send(http::WebSocketId socket, const base::SharedBytes& message,
            http::WebSocketKind kind) override {
    Socket& to = sockets_[socket.value()];
    if (to.closed != 0) return;
    if (kind != http::WebSocketKind::kText) to.text += "binary ";
    to.text.append(message.view()) += '\n';
  }
  void Close(http::WebSocketId socket, http::CloseCode code, std::string_view) override {
    unsigned& closed = sockets_[socket.value()].closed;
    if (closed == 0) closed = static_cast<unsigned>(code);
  }
  size_t open() const override { return sockets_.size(); }

  std::string Take(http::WebSocketId socket) {
    return std::exchange(sockets_[socket.value()].text, "");
  }
  unsigned closed(http::WebSocketId socket) { return sockets_[socket.value()].closed; }

 private:
  std::map<uint64_t, Socket> sockets_;
};

inline tape::RecordRef OrderRecord(uint64_t seq, std::string_view account, std::string data,
                                   std::string_view kind = "orders") {
  tape::Record record;
  record.seq = seq;
  record.kind = tape::RecordKind::kOrderEvent;
  record.topic = "paper/" + std::string(account) + "/" + std::string(kind);
  record.type = "new";
  record.data = std::move(data);
  return std::make_shared<const tape::Record>(std::move(record));
}

inline constexpr std::string_view kAuthorized =
    R"({"stream":"authorization","data":{"status":"authorized","action":"authenticate"}})";
inline constexpr std::string_view kListening =
    R"({"stream":"listening","data":{"streams":["trade_updates"]}})";
inline constexpr std::string_view kListen =
    R"({"action":"listen","data":{"streams":["trade_updates"]}})";

inline std::string AuthenticateText(std::string_view key, std::string_view secret = "secret") {
  return R"({"action":"authenticate","data":{"key_id":")" + std::string(key) +
         R"(","secret_key":")" + std::string(secret) + "\"}}";
}

}  // namespace livetape::api::testing
