#pragma once

// RunningQuery, ReadTransaction: guards for a Reader's statements. One thread; both go before the
// connection.

#include <string>
#include <utility>

#include "base/result.h"
#include "sqlite/database.h"

namespace livetape::store {

// A statement of a Reader's while it runs. Its end ends the run, so that it holds no lock.
class RunningQuery {
 public:
  explicit RunningQuery(sqlite::Statement& statement) : statement_(&statement) {}
  ~RunningQuery() {
    if (statement_ != nullptr) statement_->Reset();
  }
  RunningQuery(RunningQuery&& other) noexcept
      : statement_(std::exchange(other.statement_, nullptr)) {}
  RunningQuery& operator=(RunningQuery&&) = delete;

  sqlite::Statement* operator->() { return statement_; }
  const sqlite::Statement* operator->() const { return statement_; }
  std::string Text(int column) const { return std::string(statement_->Text(column)); }

 private:
  sqlite::Statement* statement_;
};

// Several statements that see the same.
class ReadTransaction {
 public:
  static base::Result<ReadTransaction> Begin(sqlite::Database& database) {
    if (auto begun = database.Exec("BEGIN"); !begun) return std::unexpected(begun.error());
    return ReadTransaction(database);
  }
  ~ReadTransaction() {
    // Nothing was written, so there is nothing that could fail.
    if (database_ != nullptr && database_->in_transaction()) (void)database_->Exec("COMMIT");
  }
  ReadTransaction(ReadTransaction&& other) noexcept
      : database_(std::exchange(other.database_, nullptr)) {}
  ReadTransaction& operator=(ReadTransaction&&) = delete;

 private:
  explicit ReadTransaction(sqlite::Database& database) : database_(&database) {}
  sqlite::Database* database_;
};

}  // namespace livetape::store
