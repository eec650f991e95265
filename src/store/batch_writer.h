#pragma once

// BatchWriter: writes batches on the connection that writes store.db, in transactions of bounded
// size. One thread at a time; it goes before the connection.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "metrics/registry.h"
#include "sqlite/database.h"
#include "store/bar_writer.h"
#include "store/batch.h"
#include "store/log_copier.h"

namespace livetape::store {

// What the file says of itself, as of its last commit.
struct Marks {
  uint64_t through = 0;     // Store::through
  uint64_t reach = 0;       // Store::reach; at least `through`
  uint64_t checkpoint = 0;  // Store::checkpoint
  std::string origin;
  std::string epoch;
  std::string clock;
};

class BatchWriter {
 public:
  // Both outlive it.
  static base::Result<BatchWriter> Open(sqlite::Database& database, LogCopier& copier,
                                        metrics::Registry& metrics);

  // Moves `marks` with each commit.
  base::Result<void> Write(const Batch& batch, Marks& marks);

 private:
  struct Statements {
    sqlite::Statement order, fill, point, thinned, account, quote, mark;
  };
  BatchWriter(sqlite::Database& database, LogCopier& copier, metrics::Registry& metrics,
              Statements statements, BarWriter bars);

  base::Result<void> PutAll(const Batch& batch, Marks& marks);
  template <typename Rows>
  base::Result<void> PutEach(const Rows& rows, uint64_t through, Marks& marks);
  base::Result<void> PutBars(const std::vector<BarRows>& series, uint64_t through, Marks& marks);
  base::Result<void> CutIfFull(uint64_t through, Marks& marks);
  base::Result<void> Cut(uint64_t through, Marks& marks);
  base::Result<void> Begin();
  base::Result<void> Commit();

  base::Result<void> Put(const OrderRow& order);
  base::Result<void> Put(const FillRow& fill);
  base::Result<void> Put(const EquityPoint& point);
  base::Result<void> Put(const AccountRow& account);
  base::Result<void> Put(const QuoteRow& quote);
  base::Result<void> PutMark(std::string_view key, uint64_t value);

  sqlite::Database* database_;
  LogCopier* copier_;
  metrics::Counter *rows_total_, *bars_total_, *transactions_, *failures_;
  metrics::Gauge* through_;
  Statements statements_;
  BarWriter bars_;
  // The transaction under way.
  std::optional<sqlite::Transaction> transaction_;
  size_t rows_ = 0, blocks_ = 0, bytes_ = 0;
};

}  // namespace livetape::store
