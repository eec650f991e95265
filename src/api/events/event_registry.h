#pragma once

// The registry of user events (API section 5): which types there are and what their payloads hold.
// One table, from which validation, the served registry and docs/user-events.md are made.
// Constant; any thread.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "api/body/body_error.h"
#include "api/body/json_objects.h"

namespace livetape::api {

// kDecimal: a number, or a string with one, as money is sent. kAny: anything, null too.
enum class PayloadType : uint8_t { kString, kNumber, kDecimal, kBoolean, kArray, kAny };

struct PayloadField {
  std::string_view name;
  PayloadType type = PayloadType::kAny;
};

struct UserEventType {
  std::string_view name;                 // "sync.accounts.completed", also the name of the event
  std::string_view category;             // one of EventCategories()
  std::span<const PayloadField> fields;  // all are required; others pass through
};

std::span<const std::string_view> EventCategories();
bool IsEventCategory(std::string_view name);

std::span<const UserEventType> UserEventTypes();
// Null for a type that is not registered.
const UserEventType* FindUserEventType(std::string_view name);

// Whether `payload` carries the fields of its type; the error names one as "data.account_id".
BodyResult<void> CheckPayload(const UserEventType& type, const JsonObject& payload);

// The answer of GET /api/v1/events/registry:
// {"categories":["data_sync",...],"events":[{"event","category","payload":{"<field>":"<type>"}}]}
std::string RegistryJson();
// The page docs/user-events.md.
std::string RegistryMarkdown();

}  // namespace livetape::api
