#pragma once

// Request and Response: HTTP messages as plain values, free of any HTTP library.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace livetape::http {

// Header fields in order of arrival; names compare without case (RFC 9110, section 5.1).
class Headers {
 public:
  void Add(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
  }
  // The first value of that name.
  std::optional<std::string_view> Find(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// Query parameters in order, percent-decoded, '+' as space (the form encoding of the URL standard).
class Query {
 public:
  Query() = default;
  // Never fails: a '%' that is not followed by two hex digits stays as it is.
  static Query Parse(std::string_view text);

  // The first value of that name.
  std::optional<std::string_view> Find(std::string_view name) const;
  // All values of that name, in order.
  std::vector<std::string_view> All(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;
};

struct Request {
  std::string method;             // "GET"
  std::string path;               // as sent, still percent-encoded, without the query
  std::vector<std::string> args;  // the route's {parameters}, percent-decoded, in order
  Query query;
  Headers headers;
  std::string body;
  std::string peer;       // the client's address, without port
  int minor_version = 1;  // HTTP/1.0 or HTTP/1.1
  // A page of an origin that is not allowed made the browser send it, cookies included; filled in
  // by the Dispatcher.
  bool foreign_origin = false;
};

struct Response {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  Headers headers;       // besides Content-Type, Content-Length, Date, Connection and CORS
  std::string detail{};  // of a Problem: what its body says is wrong; else empty
};

// application/problem+json (RFC 9457); `detail` says what is wrong and what is right; `field`
// names the parameter or body field, if one is to blame.
Response Problem(unsigned status, std::string_view detail, std::string_view field = "");

// The standard reason phrase: 422 is "Unprocessable Content".
std::string_view ReasonPhrase(unsigned status);

// "%2F" to "/"; broken escapes stay.
std::string PercentDecode(std::string_view text);

}  // namespace livetape::http
