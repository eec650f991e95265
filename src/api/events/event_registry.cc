#include "api/events/event_registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace livetape::api {
namespace {

using enum PayloadType;

constexpr std::array<std::string_view, 6> kCategories = {"data_sync", "provider",  "ai",
                                                         "import",    "portfolio", "security"};

constexpr PayloadField Text(std::string_view name) { return {.name = name, .type = kString}; }
constexpr PayloadField Number(std::string_view name) { return {.name = name, .type = kNumber}; }
constexpr PayloadField Decimal(std::string_view name) { return {.name = name, .type = kDecimal}; }
constexpr PayloadField Boolean(std::string_view name) { return {.name = name, .type = kBoolean}; }
constexpr PayloadField Array(std::string_view name) { return {.name = name, .type = kArray}; }
constexpr PayloadField Any(std::string_view name) { return {.name = name, .type = kAny}; }

constexpr PayloadField kConnection = Text("connection_id"), kAccount = Text("account_id"),
                       kReason = Text("reason"), kSlug = Text("provider_slug"),
                       kConversation = Text("conversation_id"), kFile = Text("file_name"),
                       kSession = Text("session_id"), kCurrency = Text("currency");

constexpr std::array kAccountsStarted = {kConnection};
constexpr std::array kAccountsCompleted = {kConnection, Number("account_count")};
constexpr std::array kAccountsFailed = {kConnection, kReason};
constexpr std::array kPartStarted = {kConnection, kAccount};
constexpr std::array kPartFailed = {kConnection, kAccount, kReason};
constexpr std::array kTransactionsCompleted = {kConnection, kAccount, Number("transaction_count")};
constexpr std::array kHoldingsCompleted = {kConnection, kAccount, Number("holdings_count")};

constexpr std::array kProvider = {kConnection, kSlug};
constexpr std::array kTokenExpiring = {kConnection, kSlug, Number("expires_in_seconds")};
constexpr std::array kTokenFailed = {kConnection, kSlug, kReason, Boolean("needs_reauth")};

constexpr std::array kChunk = {kConversation, Text("chunk"), Boolean("is_final")};
constexpr std::array kTool = {kConversation, Text("tool_name")};
constexpr std::array kResponse = {kConversation, Array("actions_taken")};

constexpr std::array kImportStarted = {kFile, Text("file_format")};
constexpr std::array kImportProgress = {kFile, Number("progress_percent"),
                                        Number("records_processed")};
constexpr std::array kImportCompleted = {kFile, Number("account_count"),
                                         Number("transaction_count")};
constexpr std::array kImportFailed = {kFile, kReason};

constexpr std::array kBalance = {kAccount, Decimal("previous_balance"), Decimal("new_balance"),
                                 Decimal("delta"), kCurrency};
constexpr std::array kHoldings = {kAccount, Number("holdings_count"), Number("created_count"),
                                  Number("updated_count"), Number("deactivated_count")};
constexpr std::array kNetWorth = {Decimal("previous_net_worth"), Decimal("new_net_worth"),
                                  Decimal("delta"), kCurrency, Number("account_count")};

constexpr std::array kSessionNew = {kSession, Any("device_info"), Text("ip_address"),
                                    Any("location")};
constexpr std::array kSessionSuspicious = {kSession, kReason};
constexpr std::array kSessionExpiring = {kSession, Number("expires_in_seconds")};
constexpr std::array kSessionRevoked = {kSession, Any("device_info"), kReason};
constexpr std::array kPasswordChanged = {Text("initiated_by")};
constexpr std::array kLoginFailed = {kReason};

constexpr auto kTypes = std::to_array<UserEventType>({
    {"sync.accounts.started", "data_sync", kAccountsStarted},
    {"sync.accounts.completed", "data_sync", kAccountsCompleted},
    {"sync.accounts.failed", "data_sync", kAccountsFailed},
    {"sync.transactions.started", "data_sync", kPartStarted},
    {"sync.transactions.completed", "data_sync", kTransactionsCompleted},
    {"sync.transactions.failed", "data_sync", kPartFailed},
    {"sync.holdings.started", "data_sync", kPartStarted},
    {"sync.holdings.completed", "data_sync", kHoldingsCompleted},
    {"sync.holdings.failed", "data_sync", kPartFailed},
    {"provider.token.expiring", "provider", kTokenExpiring},
    {"provider.token.refreshed", "provider", kProvider},
    {"provider.token.failed", "provider", kTokenFailed},
    {"provider.disconnected", "provider", kProvider},
    {"ai.response.chunk", "ai", kChunk},
    {"ai.tool.executing", "ai", kTool},
    {"ai.response.complete", "ai", kResponse},
    {"import.started", "import", kImportStarted},
    {"import.progress", "import", kImportProgress},
    {"import.completed", "import", kImportCompleted},
    {"import.failed", "import", kImportFailed},
    {"portfolio.balance.updated", "portfolio", kBalance},
    {"portfolio.holdings.updated", "portfolio", kHoldings},
    {"portfolio.networth.updated", "portfolio", kNetWorth},
    {"security.session.new", "security", kSessionNew},
    {"security.session.suspicious", "security", kSessionSuspicious},
    {"security.session.expiring", "security", kSessionExpiring},
    {"security.session.revoked", "security", kSessionRevoked},
    {"security.password.changed", "security", kPasswordChanged},
    {"security.login.failed", "security", kLoginFailed},
});

std::string_view Name(PayloadType type) {
  constexpr std::array<std::string_view, 6> kNames = {"string",  "number", "decimal",
                                                      "boolean", "array",  "any"};
  return kNames[static_cast<size_t>(type)];
}

// For the end of "... must be".
std::string_view Wanted(PayloadType type) {
  constexpr std::array<std::string_view, 6> kWanted = {
      "a string",      "a number", "a number or a string with one",
      "true or false", "an array", "any JSON value"};
  return kWanted[static_cast<size_t>(type)];
}

bool Fits(const JsonMember& member, PayloadType type) {
  switch (type) {
    case kString:
      return member.kind == JsonKind::kString;
    case kNumber:
      return member.kind == JsonKind::kNumber;
    case kDecimal:
      return member.kind == JsonKind::kNumber ||
             (member.kind == JsonKind::kString && NumberOf(member.text).has_value());
    case kBoolean:
      return member.kind == JsonKind::kBool;
    case kArray:
      return member.kind == JsonKind::kArray;
    case kAny:
      return true;
  }
  return false;
}

}  // namespace

std::span<const std::string_view> EventCategories() { return kCategories; }

bool IsEventCategory(std::string_view name) {
  return std::find(kCategories.begin(), kCategories.end(), name) != kCategories.end();
}

std::span<const UserEventType> UserEventTypes() { return kTypes; }

const UserEventType* FindUserEventType(std::string_view name) {
  const auto at = std::find_if(kTypes.begin(), kTypes.end(),
                               [name](const UserEventType& type) { return type.name == name; });
  return at == kTypes.end() ? nullptr : &*at;
}

BodyResult<void> CheckPayload(const UserEventType& type, const JsonObject& payload) {
  for (const PayloadField& field : type.fields) {
    const JsonMember* const member = payload.Find(field.name);
    const std::string path = FieldPath("data", field.name);
    if (member == nullptr) {
      return BadField(path,
                      fmt::format("is missing; {} needs it, {}", type.name, Wanted(field.type)));
    }
    if (payload.Count(field.name) > 1) return BadField(path, "is given twice");
    if (!Fits(*member, field.type)) {
      return BadField(path,
                      fmt::format("must be {}, got {}", Wanted(field.type), Name(member->kind)));
    }
  }
  return {};
}

std::string RegistryJson() {
  std::string events;
  for (const UserEventType& type : kTypes) {
    std::string payload;
    for (const PayloadField& field : type.fields) {
      payload +=
          fmt::format("{}\"{}\":\"{}\"", payload.empty() ? "" : ",", field.name, Name(field.type));
    }
    events += fmt::format(R"({}{{"event":"{}","category":"{}","payload":{{{}}}}})",
                          events.empty() ? "" : ",", type.name, type.category, payload);
  }
  return fmt::format(R"({{"categories":["{}"],"events":[{}]}})", fmt::join(kCategories, "\",\""),
                     events);
}

std::string RegistryMarkdown() {
  std::string out =
      "# User events\n\n"
      "<!-- Made from the table in src/api/events/event_registry.cc by its test; do not edit. "
      "-->\n\n"
      "What `POST /api/v1/events` takes and `GET /api/v1/events` delivers. The type is the name "
      "of\n"
      "the event on the stream, the payload is its data. Every field listed is required; others\n"
      "pass through as they are. The same table is served at `GET /api/v1/events/registry`.\n\n"
      "```sh\n"
      "curl -d '{\"user_id\":\"alice\",\"event\":\"import.started\","
      "\"data\":{\"file_name\":\"a.csv\",\"file_format\":\"csv\"}}' \\\n"
      "  http://127.0.0.1:8000/api/v1/events\n"
      "```\n\n"
      "Instead of `user_id` also `user_ids` (1,000 at most) or `\"broadcast\":true`. A stream of "
      "some\n"
      "categories: `GET /api/v1/events?categories=import,security`.\n\n"
      "A *decimal* is a number or a string with one; *any* is any JSON value, null too.\n";
  for (const std::string_view category : kCategories) {
    out += fmt::format("\n## {}\n\n| event | payload |\n|---|---|\n", category);
    for (const UserEventType& type : kTypes) {
      if (type.category != category) continue;
      out += fmt::format("| `{}` |", type.name);
      for (const PayloadField& field : type.fields) {
        out += fmt::format("{} `{}` {}", &field == type.fields.data() ? "" : ",", field.name,
                           Name(field.type));
      }
      out += " |\n";
    }
  }
  return out;
}

}  // namespace livetape::api
