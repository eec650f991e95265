#pragma once

// Query parameters as values, or the answer that says what is wrong: 422 naming the field and what
// is allowed, 404 for a symbol. An empty one counts as missing.

#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "http/message.h"

namespace livetape::api {

template <typename T>
using Field = std::expected<T, http::Response>;

// 422 naming the field.
http::Response Unprocessable(std::string_view field, std::string_view detail);

// 404 {"error":"Symbol not found"}.
http::Response SymbolNotFound();

// `interval`: "0", "250ms", "2s", "250" (ms); rounded up to one the hub serves; at most 10 s.
Field<std::chrono::milliseconds> IntervalField(const http::Query& query,
                                               std::chrono::milliseconds fallback);

// All values of `name`, each a comma list, in order, without empty and repeated ones; at most
// `most` of them.
Field<std::vector<std::string>> ListField(const http::Query& query, std::string_view name,
                                          size_t most);

// A whole number in [least, most].
Field<uint64_t> NumberField(const http::Query& query, std::string_view name, uint64_t fallback,
                            uint64_t least, uint64_t most);

// An RFC 3339 time or a date.
Field<base::WallTime> TimeField(const http::Query& query, std::string_view name,
                                base::WallTime fallback);

// One of `allowed`; the first is the default.
Field<std::string_view> ChoiceField(const http::Query& query, std::string_view name,
                                    const std::vector<std::string_view>& allowed);

}  // namespace livetape::api
