#pragma once

// Store: store.db, the permanent books of paper trading: orders, fills and equity points for
// queries, and the newest snapshots of accounts; and bars. What the tape still keeps can be made
// again from it; bars are of no record.
//
// One thread writes (Write); two threads of its own read, a third copies SQLite's write-ahead log.
// No other process writes the file: whoever opens a store holds the lock of its folder.
//
// Invariants: (1) a batch is written as a whole or not at all, unless it is large: then it is cut
// into several transactions, each of which is (500 rows, of which a block of bars counts as four, or
// 1 MiB: no write transaction lasts over about 10 ms); (2) every effect of the records up to
// through() is in it, and nothing of a later one but for what a crash or a failure in the middle of a
// large batch has left, none of it later than reach(), and no checkpoint() among it; (3) writing the
// same batch again changes nothing, and after a crash or a failure in the middle of one it completes
// it.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "metrics/registry.h"
#include "store/batch.h"
#include "store/reader.h"
#include "store/rows.h"

namespace livetape::store {

// Accounts that a cut back leaves as their newest snapshots have them, since no record can make them
// again.
struct Ahead {
  std::vector<std::string> accounts{};
  uint64_t through = 0;  // the tape's last record: what is of later ones counts as of this one
};

class Store {
 public:
  struct Options {
    std::filesystem::path folder{};  // of store.db; made if missing, for its owner alone
    std::string vfs{};               // SQLite's file layer by name; empty: the usual
  };
  // Opens or makes it, and brings an older form up to date. A fault names the file and what helps.
  // `metrics` outlives it.
  static base::Result<std::unique_ptr<Store>> Open(const Options& options,
                                                   metrics::Registry& metrics);
  ~Store();

  // --- before anything else, main thread
  // The epoch and number of the last record it has; 0 and empty: none. After a crash of the machine
  // it may be less than it was: what is missing is made again from the tape.
  uint64_t through() const;
  // The last record of which there can be anything: through(), or more after a crash in the middle
  // of a large batch. A tape that ends before it wants a CutBack.
  uint64_t reach() const;
  // As of this record there is a snapshot of every account that it and those before it have changed:
  // what one of those needs is after it, or after a newer snapshot of its own. 0: that is not known,
  // as before the first checkpoint and after a CutBack.
  uint64_t checkpoint() const;
  std::string origin() const;  // tape::Tape::origin; empty: none has been set
  std::string epoch() const;
  // Takes back what follows from records after `seq`, because the tape has been cut back or is
  // another one. Whole or not at all. Afterwards
  // - fills with a later `seq` are gone, and so are orders whose newest form has a later `seq`, with
  //   their older forms, which are kept nowhere: such an order was open as of `seq`, or was not there,
  //   so that who knows the open orders can write them again (checkpoint() is 0 until then). What no
  //   record made (`seq` 0) stays, so that CutBack(0) forgets all else;
  // - snapshots with a later `through` are gone; an account of which that was the only one must be
  //   made again from the tape;
  // - of the accounts in `ahead` the snapshot is there, and what is not later than it: all of it
  //   as of record `ahead.through`;
  // - equity points, quotes and bars stay: they are what was shown;
  // - through() is at most `seq`, reach() too unless there are accounts `ahead`, checkpoint() is 0;
  //   epoch(), LastOrder() and LastFill() are what they were, so that no id is used twice.
  base::Result<void> CutBack(uint64_t seq, const Ahead& ahead = {});
  base::Result<void> SetOrigin(std::string_view origin);
  base::Result<void> SetEpoch(std::string_view epoch);
  // What clock the times are of; empty: none has been set.
  std::string clock() const;
  base::Result<void> SetClock(std::string_view clock);
  // By number. A snapshot may be of a later record than through(), up to reach(): such an account
  // has the effect of records that the rest is still to be given.
  base::Result<std::vector<AccountRow>> Accounts();
  base::Result<std::vector<QuoteRow>> Quotes();                         // by symbol
  base::Result<void> DropQuotes(std::span<const std::string> symbols);  // all of them or none
  // Bars of the symbol `from` are those of `to` from now on, but of timeframes of which `to` has bars.
  base::Result<void> RenameBars(std::string_view from, std::string_view to);
  // Each client order id ever used: account, name, order. Orders without one are left out.
  base::Result<void> ForEachClientId(
      const std::function<void(std::string_view account, std::string_view client_id,
                               model::OrderId order)>& take);
  // The greatest ids used; 0: none.
  base::Result<model::OrderId> LastOrder();
  base::Result<uint64_t> LastFill();

  // --- the writing thread
  // A failure (the disk is full) leaves nothing of a small batch; of a large one the first parts may
  // be there. The next call works when the disk does; it should be given the same again. A batch
  // whose `through` is less than through() leaves that as it is.
  base::Result<void> Write(const Batch& batch);
  // What can wait should: a Write may soon have to wait for the disk, 0.1 to 0.6 s.
  bool behind() const;
  // Deletes some equity points that are older than a day, but for the last of each minute; true when
  // there may be more. Looks at no more than 1,000.
  base::Result<bool> ThinEquity(base::WallTime now);

  // --- any thread
  // Runs `query` on a reading thread; false when too many wait (256), or after Stop.
  bool Read(std::move_only_function<void(Reader&)> query);

  // --- main thread
  // Once: queries run from here on.
  void Start();
  // For good: waits for the queries that run and destroys those that wait. Writing goes on.
  void Stop();

 private:
  class Files;
  explicit Store(std::unique_ptr<Files> files);
  std::unique_ptr<Files> files_;
};

}  // namespace livetape::store
