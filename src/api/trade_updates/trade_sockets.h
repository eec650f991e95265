#pragma once

// TradeSockets: the trade_updates WebSockets of one event loop: who they are, what they listen to,
// what they are sent. Owned by the loop's thread.
//
//   opened ──authenticate──► authenticated ◄──listen──► listening
//      │ 10 s, or a wrong key        │ 10 messages that are not understood
//      └─────────────────────────────┴──► closed
//
// Invariants:
//  1. A client listens only when it has an account; by_account_ holds exactly those that listen.
//  2. The door has been opened once for each client that listens.
//  3. A listening client is sent each record of its account after `after`, once, in order, until it
//     is closed.

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/paper/account_access.h"
#include "base/clock.h"
#include "http/websocket.h"
#include "tape/record.h"

namespace livetape::api {

// paper/<account>/orders or /fills gives the account.
std::string_view AccountOfTopic(std::string_view topic);

class TradeSockets final : public http::WebSocketObserver {
 public:
  // Where records come from.
  struct Door {
    // From now on this loop is given the account's records; returns the number of the last record
    // that is there already.
    std::function<uint64_t(const std::string& account)> open;
    std::function<void(const std::string& account)> close;
  };
  // The references outlive it.
  TradeSockets(http::WebSockets& sockets, const AccountAccess& access, const base::Clock& clock,
               Door door);

  void OnOpened(http::WebSocketId socket);
  // Order events, in order.
  void Deliver(std::span<const tape::RecordRef> records);
  // Closes those who would miss records that have been dropped.
  void CloseListeners();
  // Closes who has not authenticated in time. To be called about once a second.
  void Sweep();

  size_t size() const { return clients_.size(); }

 private:
  struct Client {
    base::MonoTime opened;
    std::string account;  // empty: not authenticated
    bool listening = false;
    uint64_t after = 0;
    int misunderstood = 0;
  };

  // http::WebSocketObserver
  void OnText(http::WebSocketId socket, std::string_view text) override;
  void OnBinary(http::WebSocketId socket, std::string_view bytes) override {
    OnText(socket, bytes);
  }
  void OnClosed(http::WebSocketId socket) override;

  void Admit(http::WebSocketId socket, Client& client, std::string_view key_id,
             std::string_view secret);
  void Listen(http::WebSocketId socket, Client& client, bool trade_updates);
  void StopListening(http::WebSocketId socket, Client& client);
  void Refuse(http::WebSocketId socket, Client& client, std::string_view why);
  void Say(http::WebSocketId socket, std::string_view text);

  http::WebSockets& sockets_;
  const AccountAccess& access_;
  const base::Clock& clock_;
  const Door door_;
  std::unordered_map<http::WebSocketId, Client> clients_;
  std::map<std::string, std::vector<http::WebSocketId>, std::less<>> by_account_;
};

}  // namespace livetape::api
