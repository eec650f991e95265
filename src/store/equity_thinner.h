#pragma once

// EquityThinner: deletes equity points that are older than a day, but for the last of each minute, a
// bounded number at a time. The writing thread; it goes before the connection.
//
// The table `thinned` says of each account with points up to where it has been thinned: always the
// beginning of a minute, and no point before it is left but the last of each minute.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "sqlite/database.h"

namespace livetape::store {

class EquityThinner {
 public:
  // The connection outlives it.
  static base::Result<EquityThinner> Open(sqlite::Database& database);

  // One transaction, or none if there is nothing to do. True: there may be more.
  base::Result<bool> Thin(base::WallTime now);

 private:
  struct Statements {
    sqlite::Statement accounts, points, next_point, drop, set_until, forget;
  };
  struct Pending {
    std::string account;
    int64_t until = 0;
  };
  EquityThinner(sqlite::Database& database, Statements statements)
      : database_(&database), statements_(std::move(statements)) {}

  base::Result<std::vector<Pending>> Accounts(int64_t before);
  // Looks at no more than `points_max` points; the number of those it looked at.
  base::Result<size_t> ThinAccount(const Pending& pending, int64_t before, size_t points_max);
  base::Result<void> Advance(const std::string& account, int64_t before,
                             const std::vector<int64_t>& times, bool all);

  sqlite::Database* database_;
  Statements statements_;
};

}  // namespace livetape::store
