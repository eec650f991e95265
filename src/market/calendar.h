#pragma once

// Calendar: on which days the New York Stock Exchange trades, and until when. Pure functions by the
// exchange's Rule 7.2 and its history; nothing is remembered.
//
// Known from 1990 to 2100: all holidays, announced early closes and days on which the exchange did
// not open. Sessions that were cut short by an emergency on the day itself (snow in 1994 and 1996,
// the circuit breaker of 1997, a breakdown in 2005) count as whole. Other years get today's
// holidays without warrant.

#include <chrono>
#include <optional>

#include "base/clock.h"
#include "market/new_york.h"

namespace livetape::market {

inline constexpr Day kCalendarFirst{std::chrono::year(1990) / 1 / 1};
inline constexpr Day kCalendarLast{std::chrono::year(2100) / 12 / 31};

// On New York's clock.
inline constexpr std::chrono::minutes kNyseOpen{9 * 60 + 30};
inline constexpr std::chrono::minutes kNyseClose{16 * 60};
inline constexpr std::chrono::minutes kNyseEarlyClose{13 * 60};

// When the regular session of that day ends: 16:00, 13:00, or in 1990 to 1992 14:00. Nothing: there
// is none.
std::optional<std::chrono::minutes> NyseCloseOf(Day day);

inline bool IsTradingDay(Day day) { return NyseCloseOf(day).has_value(); }

// The first one later or earlier than `day`.
Day NextTradingDay(Day day);
Day PreviousTradingDay(Day day);

// When a trade of that day is settled: one trading day later since 28 May 2024, two since 5
// September 2017, three since 7 June 1995, five before. Bank holidays on which the exchange trades
// are not left out.
Day SettlementDay(Day day);

}  // namespace livetape::market
