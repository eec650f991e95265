#pragma once

// Statement: one prepared SQL statement. It belongs to its connection's thread and must go before
// the connection does.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace livetape::sqlite {

// The error of a call that returned `code`: "cannot <what> <path>: <why>; <what helps>".
base::Error ErrorOf(sqlite3* db, int code, std::string_view what, std::string_view path);
// Whether an error from here says that the file's bytes are damaged.
bool IsDamage(const base::Error& error);

class Statement {
 public:
  Statement(sqlite3* db, sqlite3_stmt* statement, std::string path);

  // Parameters count from 1. Texts and blobs are not copied: they must live until Reset or the end
  // of the statement's run.
  Statement& Bind(int index, int64_t value);
  Statement& Bind(int index, uint64_t value);
  Statement& BindDouble(int index, double value);
  Statement& BindText(int index, std::string_view text);
  Statement& BindBlob(int index, std::string_view bytes);

  // True: a row is there. False: done. After a fault or the end the statement can be run again.
  base::Result<bool> Step();
  // Runs a statement without results.
  base::Result<void> Run();
  // Ends the run, so that its read transaction ends; parameters stay.
  void Reset();

  // Columns count from 0. Texts and blobs live until the next Step or Reset. A value of another
  // type is converted as SQLite does; the file may hold anything.
  int64_t Int(int column) const;
  uint64_t Uint(int column) const { return static_cast<uint64_t>(Int(column)); }
  double Double(int column) const;
  std::string_view Text(int column) const;
  std::string_view Blob(int column) const;
  bool IsNull(int column) const;

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  void CheckBind(int code, int index) const;

  sqlite3* db_;
  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
  std::string path_;
};

}  // namespace livetape::sqlite
