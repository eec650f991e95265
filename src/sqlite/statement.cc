#include "sqlite/statement.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/assert.h"

namespace livetape::sqlite {
namespace {

constexpr std::string_view kDamaged = "the file is damaged",
                           kNoDatabase = "the file is damaged or is no SQLite database";

std::string_view WhatHelps(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return "the disk is full: free some room";
    case SQLITE_IOERR:
      return "the disk does not read or write: look into the system's log";
    case SQLITE_CORRUPT:
      return kDamaged;
    case SQLITE_NOTADB:
      return kNoDatabase;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program holds it: close that one first";
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return "the file and its folder must be there and writable for this user";
    default:
      return "no advice is known for this one";
  }
}

}  // namespace

base::Error ErrorOf(sqlite3* db, int code, std::string_view what, std::string_view path) {
  const int full = db != nullptr ? sqlite3_extended_errcode(db) : code;
  return {fmt::format("cannot {} {}: {} (SQLite code {}); {}", what, path, sqlite3_errstr(full),
                      full, WhatHelps(full))};
}

bool IsDamage(const base::Error& error) {
  return error.message.ends_with(kDamaged) || error.message.ends_with(kNoDatabase);
}

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* db, sqlite3_stmt* statement, std::string path)
    : db_(db), statement_(statement), path_(std::move(path)) {}

void Statement::CheckBind(int code, int index) const {
  LT_ASSERT(code == SQLITE_OK, "parameter {} of {}: {}", index, sqlite3_sql(statement_.get()),
            sqlite3_errstr(code));
}

Statement& Statement::Bind(int index, int64_t value) {
  CheckBind(sqlite3_bind_int64(statement_.get(), index, value), index);
  return *this;
}

Statement& Statement::Bind(int index, uint64_t value) {
  return Bind(index, static_cast<int64_t>(value));
}

Statement& Statement::BindDouble(int index, double value) {
  CheckBind(sqlite3_bind_double(statement_.get(), index, value), index);
  return *this;
}

Statement& Statement::BindText(int index, std::string_view text) {
  CheckBind(sqlite3_bind_text64(statement_.get(), index, text.data(), text.size(), SQLITE_STATIC,
                                SQLITE_UTF8),
            index);
  return *this;
}

Statement& Statement::BindBlob(int index, std::string_view bytes) {
  // A null pointer would bind NULL instead of an empty blob.
  const char* const begin = bytes.empty() ? "" : bytes.data();
  CheckBind(sqlite3_bind_blob64(statement_.get(), index, begin, bytes.size(), SQLITE_STATIC),
            index);
  return *this;
}

base::Result<bool> Statement::Step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    Reset();
    return false;
  }
  LT_ASSERT(code != SQLITE_MISUSE, "{}", sqlite3_sql(statement_.get()));
  const bool reads = sqlite3_stmt_readonly(statement_.get()) != 0;
  base::Error error = ErrorOf(db_, code, reads ? "read" : "write", path_);
  Reset();
  return std::unexpected(std::move(error));
}

base::Result<void> Statement::Run() {
  for (;;) {
    const auto row = Step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return {};
  }
}

void Statement::Reset() { sqlite3_reset(statement_.get()); }

int64_t Statement::Int(int column) const { return sqlite3_column_int64(statement_.get(), column); }

double Statement::Double(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}

std::string_view Statement::Text(int column) const {
  const auto* const text = sqlite3_column_text(statement_.get(), column);
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column));
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text), size};
}

std::string_view Statement::Blob(int column) const {
  const void* const bytes = sqlite3_column_blob(statement_.get(), column);
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column));
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), size};
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

}  // namespace livetape::sqlite
