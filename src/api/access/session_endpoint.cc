#include "api/access/session_endpoint.h"

#include <fmt/format.h>

#include <set>

#include "api/access/guard.h"
#include "api/docs.h"
#include "api/publishing/tape_folds.h"
#include "base/json_text.h"
#include "base/topic_segment.h"

namespace livetape::api {
namespace {

constexpr std::string_view kEvent = "security.session.revoked";

http::Reply Revoke(const Backend& backend, const http::Request& request, size_t loop,
                   const Caller& caller) {
  const std::string& session = request.args[0];
  if (session.empty() || session.size() > auth::kSessionBytesMax) {
    return http::Problem(422, fmt::format("a session has 1 to {} bytes", auth::kSessionBytesMax),
                         "session_id");
  }
  const auth::RevokedSessions& revoked = backend.folds.revoked();
  if (revoked.size() >= auth::RevokedSessions::kLimit && !revoked.Contains(session)) {
    return http::Problem(507, "as many sessions are revoked as there may be");
  }
  // Whom to tell: who is named, else those whose streams end by this.
  std::set<std::string> users;
  if (const auto user = request.query.Find("user_id"); user && !user->empty()) {
    users.emplace(*user);
  } else {
    for (std::string& name : backend.sessions.Names(session)) users.insert(std::move(name));
  }
  Publication publication;
  publication.records.push_back(RevocationRecord(session));
  std::string data = "{\"session_id\":";
  base::AppendJsonString(data, session);
  data += R"(,"device_info":null,"reason":"revoked"})";
  for (const std::string& user : users) {
    const std::string topic = fmt::format("user/{}/security", base::EncodeTopicSegment(user));
    if (const auto right = hub::CheckTopic(topic); !right) {
      return http::Problem(422, "user_id must have 1 to 128 bytes", "user_id");
    }
    publication.records.push_back({.topic = topic,
                                   .type = std::string(kEvent),
                                   .data = data,
                                   .kind = tape::RecordKind::kUserEvent});
  }
  return backend.publisher.Publish(request, caller, loop, std::move(publication));
}

}  // namespace

void AddSessions(http::Router& router, const Backend& backend) {
  router.Add({.method = "DELETE",
              .pattern = "/api/v1/sessions/{session_id}",
              .summary = "End a session: its streams close, its tokens count no more",
              .parameters = {{"session_id", "path", "The tokens' sid.", "string", true},
                             {"user_id", "query",
                              "Whom to tell; without, the users of the streams that close."}},
              .responses = {{204, "", "It is revoked, also if it was not known."},
                            docs::kUnauthorized,
                            docs::kForbidden,
                            docs::kBadQuery,
                            docs::kTryAgain,
                            {507, "application/problem+json", "Too many sessions are revoked."}},
              .handler = Guard(backend.access, auth::Permission::kAdmin,
                               [&backend](const http::Request& request, size_t loop,
                                          const Caller& caller) -> http::Reply {
                                 return Revoke(backend, request, loop, caller);
                               })});
}

}  // namespace livetape::api
