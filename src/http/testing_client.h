#pragma once

// For tests: a client of one connection over a plain blocking socket. It never waits longer than
// kPatience; what has not come by then is missing.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>

#include "http/unique_fd.h"

namespace livetape::http::testing {

class Client {
 public:
  static constexpr int kPatience = 20;  // seconds

  // `receive_bytes`: the socket's receive buffer, 0 for the system's choice.
  explicit Client(uint16_t port, int receive_bytes = 0)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience = {.tv_sec = kPatience, .tv_usec = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    if (receive_bytes > 0) {
      ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof(receive_bytes));
    }
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }

  bool connected() const { return connected_; }
  int fd() const { return fd_.get(); }

  // False when the server has closed.
  bool Send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }
  void EndSending() { ::shutdown(fd_.get(), SHUT_WR); }
  void Close() { fd_ = UniqueFd(); }
  // Closes with a reset instead of a clean end.
  void Reset() {
    constexpr linger kNow = {.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &kNow, sizeof(kNow));
    Close();
  }

  // What one receive gives; empty at the end of the connection (or of patience).
  std::string ReadOnce() {
    std::array<char, 65536> buffer;
    const ssize_t size = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (size == 0) ended_ = true;
    if (size < 0 && errno == ECONNRESET) was_reset_ = true;
    return size > 0 ? std::string(buffer.data(), static_cast<size_t>(size)) : std::string();
  }

  // Everything up to and including `mark`, or what there is.
  std::string ReadThrough(std::string_view mark) {
    size_t at = 0;
    while ((at = unread_.find(mark)) == std::string::npos) {
      const std::string more = ReadOnce();
      if (more.empty()) return std::exchange(unread_, {});
      unread_ += more;
    }
    return Take(at + mark.size());
  }

  std::string ReadBytes(size_t count) {
    while (unread_.size() < count) {
      const std::string more = ReadOnce();
      if (more.empty()) return std::exchange(unread_, {});
      unread_ += more;
    }
    return Take(count);
  }

  std::string ReadToEnd() {
    for (;;) {
      const std::string more = ReadOnce();
      if (more.empty()) return std::exchange(unread_, {});
      unread_ += more;
    }
  }

  // One answer with Content-Length; of HEAD and 204 only the head.
  std::string ReadAnswer(bool head_only = false) {
    constexpr std::string_view kLength = "\r\nContent-Length: ";
    std::string answer = ReadThrough("\r\n\r\n");
    const size_t at = answer.find(kLength);
    if (head_only || at == std::string::npos) return answer;
    const size_t length = std::stoul(answer.substr(at + kLength.size()));
    return answer + ReadBytes(length);
  }

  bool ended() const { return ended_; }          // cleanly
  bool was_reset() const { return was_reset_; }  // not cleanly

 private:
  std::string Take(size_t count) {
    std::string taken = unread_.substr(0, count);
    unread_.erase(0, count);
    return taken;
  }

  UniqueFd fd_;
  bool connected_ = false;
  bool ended_ = false;
  bool was_reset_ = false;
  std::string unread_;
};

// The status of an answer; 0 if it is none.
inline unsigned StatusOf(std::string_view answer) {
  if (!answer.starts_with("HTTP/1.1 ")) return 0;
  return static_cast<unsigned>(std::stoul(std::string(answer.substr(9, 3))));
}

inline bool Has(std::string_view answer, std::string_view line) {
  return answer.find(std::string(line) + "\r\n") != std::string_view::npos;
}

// One GET on a connection of its own.
inline std::string Get(uint16_t port, const std::string& path) {
  Client client(port);
  client.Send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  return client.ReadAnswer();
}

}  // namespace livetape::http::testing
