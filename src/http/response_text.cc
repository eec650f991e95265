#include "http/response_text.h"

#include <fmt/format.h>

#include <iterator>

namespace livetape::http {
namespace {

void AppendField(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  for (const char c : value) out += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
  out += "\r\n";
}

void AppendFields(std::string& out, const Headers& headers) {
  for (const auto& [name, value] : headers.fields()) AppendField(out, name, value);
}

// The response's own fields, then those of every answer. What an answer varies by stands in one field.
void AppendFields(std::string& out, const Headers& own, const Headers& common) {
  const auto own_vary = own.Find("Vary");
  const auto common_vary = common.Find("Vary");
  if (!own_vary || !common_vary) {
    AppendFields(out, own);
    AppendFields(out, common);
    return;
  }
  for (const auto& [name, value] : own.fields()) {
    if (name != "Vary") AppendField(out, name, value);
  }
  for (const auto& [name, value] : common.fields()) {
    AppendField(out, name, name == "Vary" ? fmt::format("{}, {}", *own_vary, value) : value);
  }
}

// HTTP/1.1 keeps a connection unless told otherwise, HTTP/1.0 the other way round.
void AppendConnection(std::string& out, Framing framing) {
  if (framing.close) {
    AppendField(out, "Connection", "close");
  } else if (framing.minor_version == 0) {
    AppendField(out, "Connection", "keep-alive");
  }
}

}  // namespace

std::string ResponseText(const Response& response, const Headers& fields, Framing framing) {
  std::string text;
  text.reserve(512 + (framing.head_only ? 0 : response.body.size()));
  fmt::format_to(std::back_inserter(text), "HTTP/1.1 {} {}\r\n", response.status,
                 ReasonPhrase(response.status));
  const bool bodiless = response.status == 204 || response.status == 304;
  if (!bodiless) {
    AppendField(text, "Content-Type", response.content_type);
    AppendField(text, "Content-Length", std::to_string(response.body.size()));
  }
  AppendField(text, "Date", framing.date);
  AppendFields(text, response.headers, fields);
  AppendConnection(text, framing);
  text += "\r\n";
  if (!bodiless && !framing.head_only) text += response.body;
  return text;
}

std::string StreamHead(std::string_view content_type, const Headers& fields, Framing framing) {
  std::string text = "HTTP/1.1 200 OK\r\n";
  AppendField(text, "Content-Type", content_type);
  AppendField(text, "Date", framing.date);
  AppendField(text, "Cache-Control", "no-cache");
  AppendField(text, "X-Accel-Buffering", "no");
  AppendFields(text, fields);
  const bool chunked = framing.minor_version > 0;
  if (chunked) AppendField(text, "Transfer-Encoding", "chunked");
  AppendField(text, "Connection", chunked && !framing.close ? "keep-alive" : "close");
  text += "\r\n";
  return text;
}

}  // namespace livetape::http
