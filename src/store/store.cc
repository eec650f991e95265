#include "store/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/assert.h"
#include "store/batch_writer.h"
#include "store/bucket.h"
#include "store/equity_thinner.h"
#include "store/log_copier.h"
#include "store/read_pool.h"
#include "store/store_file.h"

namespace livetape::store {
namespace {

constexpr size_t kReaders = 2;

base::Result<Marks> ReadMarks(sqlite::Database& database) {
  auto query = database.Prepare(
      "SELECT (SELECT value FROM meta WHERE key = 'through'),"
      " (SELECT value FROM meta WHERE key = 'reach'),"
      " (SELECT value FROM meta WHERE key = 'checkpoint'),"
      " (SELECT value FROM meta WHERE key = 'origin'),"
      " (SELECT value FROM meta WHERE key = 'epoch'),"
      " (SELECT value FROM meta WHERE key = 'clock')");
  if (!query) return std::unexpected(query.error());
  const auto row = query->Step();
  if (!row) return std::unexpected(row.error());
  Marks marks{.through = query->Uint(0),
              .reach = 0,
              .checkpoint = query->Uint(2),
              .origin = std::string(query->Text(3)),
              .epoch = std::string(query->Text(4)),
              .clock = std::string(query->Text(5))};
  marks.reach = std::max(marks.through, query->Uint(1));
  return marks;
}

}  // namespace

// The connections, in the order in which they may go: the one that writes is the last, so that it
// copies and deletes the write-ahead log.
class Store::Files {
 public:
  Files(sqlite::Database writer, const std::filesystem::path& path, const std::string& vfs,
        metrics::Registry& metrics)
      : database(std::move(writer)), copier(database, path, vfs, metrics) {}

  sqlite::Database database;
  LogCopier copier;
  Marks marks;
  std::optional<BatchWriter> batches;
  std::optional<EquityThinner> thinner;
  std::optional<ReadPool> readers;

  // All that has to be read or can fail.
  base::Result<void> Open(const std::filesystem::path& path, const std::string& vfs,
                          metrics::Registry& metrics);
  base::Result<uint64_t> Last(std::string_view table, std::string_view key, std::string_view mark);
  base::Result<void> SetMark(std::string_view mark, std::string_view value);
  base::Result<void> SetAside(const std::vector<std::string>& accounts, uint64_t seq);
};

base::Result<void> Store::Files::SetMark(std::string_view mark, std::string_view value) {
  auto write = database.Prepare("UPDATE meta SET value = ?2 WHERE key = ?1");
  if (!write) return std::unexpected(WithAdvice(std::move(write.error())));
  if (auto set = write->BindText(1, mark).BindText(2, value).Run(); !set) {
    return std::unexpected(WithAdvice(std::move(set.error())));
  }
  copier.AfterCommit();
  return {};
}

base::Result<void> Store::Files::Open(const std::filesystem::path& path, const std::string& vfs,
                                      metrics::Registry& metrics) {
  auto read = ReadMarks(database);
  if (!read) return std::unexpected(read.error());
  marks = *std::move(read);
  auto writer = BatchWriter::Open(database, copier, metrics);
  if (!writer) return std::unexpected(writer.error());
  batches.emplace(*std::move(writer));
  auto equity = EquityThinner::Open(database);
  if (!equity) return std::unexpected(equity.error());
  thinner.emplace(*std::move(equity));
  std::vector<Reader> connections;
  for (size_t i = 0; i < kReaders; ++i) {
    auto opened = OpenToRead(path, vfs);
    if (!opened) return std::unexpected(opened.error());
    connections.emplace_back(*std::move(opened));
  }
  readers.emplace(std::move(connections), metrics);
  return {};
}

base::Result<uint64_t> Store::Files::Last(std::string_view table, std::string_view key,
                                          std::string_view mark) {
  const auto last =
      database.QueryInt(fmt::format("SELECT max(coalesce((SELECT max({}) FROM {}), 0),"
                                    " coalesce((SELECT value FROM meta WHERE key = '{}'), 0))",
                                    key, table, mark));
  if (!last) return std::unexpected(WithAdvice(last.error()));
  return static_cast<uint64_t>(*last);
}

Store::Store(std::unique_ptr<Files> files) : files_(std::move(files)) {}

Store::~Store() { Stop(); }

base::Result<std::unique_ptr<Store>> Store::Open(const Options& options,
                                                 metrics::Registry& metrics) {
  auto database = OpenToWrite(options.folder, options.vfs);
  if (!database) return std::unexpected(database.error());
  const std::filesystem::path path = StoreFile(options.folder);
  auto files = std::make_unique<Files>(*std::move(database), path, options.vfs, metrics);
  if (auto opened = files->Open(path, options.vfs, metrics); !opened) {
    return std::unexpected(WithAdvice(std::move(opened.error())));
  }
  return std::unique_ptr<Store>(new Store(std::move(files)));
}

uint64_t Store::through() const { return files_->marks.through; }
uint64_t Store::reach() const { return files_->marks.reach; }
uint64_t Store::checkpoint() const { return files_->marks.checkpoint; }
std::string Store::origin() const { return files_->marks.origin; }
std::string Store::epoch() const { return files_->marks.epoch; }
std::string Store::clock() const { return files_->marks.clock; }

// Marks what stays of them, so that nothing deletes it by its number.
base::Result<void> Store::Files::SetAside(const std::vector<std::string>& accounts, uint64_t seq) {
  for (const std::string_view what :
       {"UPDATE fills SET seq = -1 WHERE account = ?1 AND seq > ?2"
        " AND seq <= (SELECT through FROM accounts WHERE account = ?1)",
        "UPDATE orders SET seq = -1 WHERE account = ?1 AND seq > ?2"
        " AND seq <= (SELECT through FROM accounts WHERE account = ?1)",
        "UPDATE accounts SET through = -1 WHERE account = ?1 AND through > ?2"}) {
    auto update = database.Prepare(what);
    if (!update) return std::unexpected(std::move(update.error()));
    for (const std::string& account : accounts) {
      if (auto done = update->BindText(1, account).Bind(2, seq).Run(); !done) return done;
    }
  }
  return {};
}

base::Result<void> Store::CutBack(uint64_t seq, const Ahead& ahead) {
  Marks cut = files_->marks;
  cut.through = std::min(cut.through, seq);
  cut.reach = std::max(std::min(cut.reach, seq), ahead.accounts.empty() ? 0 : ahead.through);
  cut.checkpoint = 0;
  auto transaction = sqlite::Transaction::Begin(files_->database);
  if (!transaction) return std::unexpected(transaction.error());
  auto done = files_->SetAside(ahead.accounts, seq);
  if (done) {
    done = files_->database.Exec(fmt::format(
        "UPDATE meta SET value = max(value, coalesce((SELECT max(id) FROM orders), 0))"
        " WHERE key = 'last_order';"
        "UPDATE meta SET value = max(value, coalesce((SELECT max(number) FROM fills), 0))"
        " WHERE key = 'last_fill';"
        "DELETE FROM orders WHERE seq > {0}; DELETE FROM fills WHERE seq > {0};"
        "DELETE FROM accounts WHERE through > {0};"
        "UPDATE meta SET value = {1} WHERE key = 'through';"
        "UPDATE meta SET value = {2} WHERE key = 'reach';"
        "UPDATE meta SET value = 0 WHERE key = 'checkpoint'",
        seq, cut.through, cut.reach));
  }
  if (done && !ahead.accounts.empty()) {
    done =
        files_->database.Exec(fmt::format("UPDATE orders SET seq = {0} WHERE seq = -1;"
                                          "UPDATE fills SET seq = {0} WHERE seq = -1;"
                                          "UPDATE accounts SET through = {0} WHERE through = -1",
                                          ahead.through));
  }
  if (done) done = transaction->Commit();
  if (!done) return std::unexpected(WithAdvice(std::move(done.error())));
  files_->marks = std::move(cut);
  files_->copier.AfterCommit();
  return {};
}

base::Result<void> Store::SetOrigin(std::string_view origin) {
  auto set = files_->SetMark("origin", origin);
  if (set) files_->marks.origin = origin;
  return set;
}

base::Result<void> Store::SetEpoch(std::string_view epoch) {
  auto set = files_->SetMark("epoch", epoch);
  if (set) files_->marks.epoch = epoch;
  return set;
}

base::Result<void> Store::SetClock(std::string_view clock) {
  auto set = files_->SetMark("clock", clock);
  if (set) files_->marks.clock = clock;
  return set;
}

base::Result<std::vector<AccountRow>> Store::Accounts() {
  auto query = files_->database.Prepare(
      "SELECT account, number, through, time, active, settings, snapshot FROM accounts"
      " ORDER BY number, account");
  if (!query) return std::unexpected(WithAdvice(std::move(query.error())));
  std::vector<AccountRow> accounts;
  for (;;) {
    auto row = query->Step();
    if (!row) return std::unexpected(WithAdvice(std::move(row.error())));
    if (!*row) return accounts;
    accounts.push_back({.account = std::string(query->Text(0)),
                        .number = static_cast<uint32_t>(query->Int(1)),
                        .through = query->Uint(2),
                        .time = TimeOf(query->Int(3)),
                        .active = TimeOf(query->Int(4)),
                        .settings = std::string(query->Text(5)),
                        .snapshot = std::string(query->Blob(6))});
  }
}

base::Result<std::vector<QuoteRow>> Store::Quotes() {
  auto query =
      files_->database.Prepare("SELECT symbol, asset_class, image FROM quotes ORDER BY symbol");
  if (!query) return std::unexpected(WithAdvice(std::move(query.error())));
  std::vector<QuoteRow> quotes;
  for (;;) {
    auto row = query->Step();
    if (!row) return std::unexpected(WithAdvice(std::move(row.error())));
    if (!*row) return quotes;
    const bool equity = query->Int(1) == static_cast<int64_t>(model::AssetClass::kUsEquity);
    quotes.push_back(
        {.symbol = std::string(query->Text(0)),
         .asset_class = equity ? model::AssetClass::kUsEquity : model::AssetClass::kCrypto,
         .image = std::string(query->Blob(2))});
  }
}

base::Result<void> Store::DropQuotes(std::span<const std::string> symbols) {
  if (symbols.empty()) return {};
  auto transaction = sqlite::Transaction::Begin(files_->database);
  if (!transaction) return std::unexpected(WithAdvice(std::move(transaction.error())));
  auto drop = files_->database.Prepare("DELETE FROM quotes WHERE symbol = ?1");
  if (!drop) return std::unexpected(WithAdvice(std::move(drop.error())));
  for (const std::string& symbol : symbols) {
    if (auto dropped = drop->BindText(1, symbol).Run(); !dropped) {
      return std::unexpected(WithAdvice(std::move(dropped.error())));
    }
  }
  if (auto committed = transaction->Commit(); !committed) {
    return std::unexpected(WithAdvice(std::move(committed.error())));
  }
  files_->copier.AfterCommit();
  return {};
}

base::Result<void> Store::RenameBars(std::string_view from, std::string_view to) {
  auto rename =
      files_->database.Prepare("UPDATE OR IGNORE bar_series SET symbol = ?2 WHERE symbol = ?1");
  if (!rename) return std::unexpected(WithAdvice(std::move(rename.error())));
  if (auto renamed = rename->BindText(1, from).BindText(2, to).Run(); !renamed) {
    return std::unexpected(WithAdvice(std::move(renamed.error())));
  }
  files_->copier.AfterCommit();
  return {};
}

base::Result<void> Store::ForEachClientId(
    const std::function<void(std::string_view, std::string_view, model::OrderId)>& take) {
  // From the index alone, which is a tenth of the table.
  auto query = files_->database.Prepare(
      "SELECT account, client_id, id FROM orders INDEXED BY orders_by_client"
      " WHERE client_id <> ''");
  if (!query) return std::unexpected(WithAdvice(std::move(query.error())));
  for (;;) {
    auto row = query->Step();
    if (!row) return std::unexpected(WithAdvice(std::move(row.error())));
    if (!*row) return {};
    take(query->Text(0), query->Text(1), model::OrderId(query->Uint(2)));
  }
}

base::Result<model::OrderId> Store::LastOrder() {
  const auto last = files_->Last("orders", "id", "last_order");
  if (!last) return std::unexpected(last.error());
  return model::OrderId(*last);
}

base::Result<uint64_t> Store::LastFill() { return files_->Last("fills", "number", "last_fill"); }

base::Result<void> Store::Write(const Batch& batch) {
  return files_->batches->Write(batch, files_->marks);
}

bool Store::behind() const { return files_->copier.behind(); }

base::Result<bool> Store::ThinEquity(base::WallTime now) {
  auto more = files_->thinner->Thin(now);
  if (!more) return std::unexpected(WithAdvice(std::move(more.error())));
  files_->copier.AfterCommit();
  return more;
}

bool Store::Read(std::move_only_function<void(Reader&)> query) {
  return files_->readers->Post(std::move(query));
}

void Store::Start() { files_->readers->Start(); }

void Store::Stop() { files_->readers->Stop(); }

}  // namespace livetape::store
