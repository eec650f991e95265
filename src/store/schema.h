#pragma once

// The tables of store.db, and how an older form of the file becomes the newest. Functions over one
// connection; its thread. docs/formats/store.md describes the tables.

#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.h"
#include "sqlite/database.h"

namespace livetape::store {

inline constexpr int64_t kApplicationId = 0x4c54'5374;  // "LTSt"

// The i-th, from 0, brings a file of version i to version i + 1; the first makes an empty one.
std::span<const std::string_view> Migrations();

// Checks that the file is a store or empty, and brings it to the version that is the number of
// `migrations`, each in a transaction of its own. A newer version is refused.
// `application_id` marks the file as what it is (SQLite's header).
base::Result<void> BringUpToDate(sqlite::Database& database,
                                 std::span<const std::string_view> migrations = Migrations(),
                                 int64_t application_id = kApplicationId);

}  // namespace livetape::store
