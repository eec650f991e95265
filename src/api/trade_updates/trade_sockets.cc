#include "api/trade_updates/trade_sockets.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "api/trade_updates/trade_message.h"

namespace livetape::api {
namespace {

constexpr std::chrono::seconds kAuthenticateIn{10};
constexpr int kMisunderstoodMax = 10;

}  // namespace

std::string_view AccountOfTopic(std::string_view topic) {
  topic.remove_prefix(std::min(topic.find('/'), topic.size() - 1) + 1);
  return topic.substr(0, topic.find('/'));
}

TradeSockets::TradeSockets(http::WebSockets& sockets, const AccountAccess& access,
                           const base::Clock& clock, Door door)
    : sockets_(sockets), access_(access), clock_(clock), door_(std::move(door)) {}

void TradeSockets::OnOpened(http::WebSocketId socket) { clients_[socket].opened = clock_.Mono(); }

void TradeSockets::OnText(http::WebSocketId socket, std::string_view text) {
  Client& client = clients_.at(socket);
  const TradeMessage message = ParseTradeMessage(text);
  if (const auto* const keys = std::get_if<api::Authenticate>(&message)) {
    Admit(socket, client, keys->key_id, keys->secret);
  } else if (const auto* const listen = std::get_if<api::Listen>(&message)) {
    Listen(socket, client, listen->trade_updates);
  } else {
    Refuse(socket, client, std::get<Misunderstood>(message).why);
  }
}

// The same key again is answered as before.
void TradeSockets::Admit(http::WebSocketId socket, Client& client, std::string_view key_id,
                         std::string_view secret) {
  auto account = access_.OfKey(key_id, secret);
  if (!account) {
    Say(socket, AuthorizationText(false, "authenticate"));
    return sockets_.Close(socket, http::CloseCode::kPolicy, "not authorized");
  }
  if (!client.account.empty() && client.account != account->name) {
    return Refuse(socket, client, "authenticated as another account; open another connection");
  }
  client.account = std::move(account->name);
  Say(socket, AuthorizationText(true, "authenticate"));
}

void TradeSockets::Listen(http::WebSocketId socket, Client& client, bool trade_updates) {
  if (client.account.empty()) return Say(socket, AuthorizationText(false, "listen"));
  if (!trade_updates) {
    StopListening(socket, client);
  } else if (!std::exchange(client.listening, true)) {
    std::vector<http::WebSocketId>& listeners = by_account_[client.account];
    listeners.push_back(socket);
    client.after = door_.open(client.account);
  }
  Say(socket, ListeningText(trade_updates));
}

void TradeSockets::StopListening(http::WebSocketId socket, Client& client) {
  if (!std::exchange(client.listening, false)) return;
  const auto at = by_account_.find(client.account);
  std::erase(at->second, socket);
  if (at->second.empty()) by_account_.erase(at);
  door_.close(client.account);
}

void TradeSockets::Refuse(http::WebSocketId socket, Client& client, std::string_view why) {
  Say(socket, ErrorText(why));
  if (++client.misunderstood < kMisunderstoodMax) return;
  sockets_.Close(socket, http::CloseCode::kPolicy, "too many messages that are not understood");
}

void TradeSockets::Say(http::WebSocketId socket, std::string_view text) {
  sockets_.Send(socket, base::SharedBytes::Copy(text), http::WebSocketKind::kText);
}

void TradeSockets::Deliver(std::span<const tape::RecordRef> records) {
  for (const tape::RecordRef& record : records) {
    const auto at = by_account_.find(AccountOfTopic(record->topic));
    if (at == by_account_.end()) continue;
    const auto text = base::SharedBytes::Copy(TradeUpdateText(record->data));
    for (const http::WebSocketId socket : at->second) {
      if (record->seq <= clients_.at(socket).after) continue;
      sockets_.Send(socket, text, http::WebSocketKind::kText);
    }
  }
}

void TradeSockets::CloseListeners() {
  for (const auto& [socket, client] : clients_) {
    if (!client.listening) continue;
    sockets_.Close(socket, http::CloseCode::kTryAgainLater, "updates were dropped; come again");
  }
}

void TradeSockets::Sweep() {
  const base::MonoTime now = clock_.Mono();
  for (const auto& [socket, client] : clients_) {
    if (!client.account.empty() || now - client.opened < kAuthenticateIn) continue;
    sockets_.Close(socket, http::CloseCode::kPolicy, "not authenticated within 10 s");
  }
}

void TradeSockets::OnClosed(http::WebSocketId socket) {
  const auto at = clients_.find(socket);
  if (at == clients_.end()) return;
  StopListening(socket, at->second);
  clients_.erase(at);
}

}  // namespace livetape::api
