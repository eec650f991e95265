#include "store/batch_writer.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/bucket.h"
#include "store/store_file.h"

namespace livetape::store {
namespace {

// What one transaction takes: 5 to 10 ms (livetape-store-bench). A block of bars that is read or
// written takes as long as four rows.
constexpr size_t kRowsMax = 500, kBytesMax = size_t{1} << 20, kRowsOfBlock = 4;

constexpr std::string_view kPutOrder =
    "INSERT INTO orders (id, seq, parent, account, symbol, side, open, submitted, client_id, json)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
    " ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, parent = excluded.parent,"
    " open = excluded.open, json = excluded.json"
    " WHERE excluded.seq > seq";
constexpr std::string_view kPutFill =
    "INSERT INTO fills (number, seq, order_id, account, symbol, side, time, quantity, price, fee,"
    " realized, partial, leaves, cumulative, explain)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
    " ON CONFLICT (number) DO NOTHING";
constexpr std::string_view kPutPoint =
    "INSERT INTO equity (account, time, equity, cash, drawdown) VALUES (?1, ?2, ?3, ?4, ?5)"
    " ON CONFLICT (account, time) DO UPDATE SET equity = excluded.equity, cash = excluded.cash,"
    " drawdown = excluded.drawdown";
// A point of a time that has been thinned already is thinned once more.
constexpr std::string_view kPutThinned =
    "INSERT INTO thinned (account, until) VALUES (?1, ?2)"
    " ON CONFLICT (account) DO UPDATE SET until = excluded.until WHERE excluded.until < until";
constexpr std::string_view kPutAccount =
    "INSERT INTO accounts (account, number, through, time, active, settings, snapshot)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
    " ON CONFLICT (account) DO UPDATE SET number = excluded.number, through = excluded.through,"
    " time = excluded.time, active = excluded.active, settings = excluded.settings,"
    " snapshot = excluded.snapshot"
    " WHERE excluded.through >= through";
constexpr std::string_view kPutQuote =
    "INSERT INTO quotes (symbol, asset_class, image) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (symbol) DO UPDATE SET asset_class = excluded.asset_class,"
    " image = excluded.image";
constexpr std::string_view kPutMark = "UPDATE meta SET value = ?2 WHERE key = ?1";

size_t BytesOf(const OrderRow& row) { return row.json.size(); }
size_t BytesOf(const FillRow& row) { return row.explain.size(); }
size_t BytesOf(const EquityPoint&) { return 0; }
size_t BytesOf(const AccountRow& row) { return row.settings.size() + row.snapshot.size(); }
size_t BytesOf(const QuoteRow& row) { return row.image.size(); }

template <typename Row>
const Row* RowOf(const Row* row) {
  return row;
}
const OrderRow* RowOf(const OrderRow* const* row) { return *row; }

// Of each order only what counts: an order that is filled at once comes with both its forms.
std::vector<const OrderRow*> LastForms(const std::vector<OrderRow>& orders) {
  std::vector<const OrderRow*> last;
  last.reserve(orders.size());
  std::unordered_map<model::OrderId, size_t> places;
  places.reserve(orders.size());
  for (const OrderRow& order : orders) {
    const auto [place, added] = places.try_emplace(order.id, last.size());
    if (added) {
      last.push_back(&order);
    } else {
      last[place->second] = &order;
    }
  }
  return last;
}

}  // namespace

base::Result<BatchWriter> BatchWriter::Open(sqlite::Database& database, LogCopier& copier,
                                            metrics::Registry& metrics) {
  std::array<std::optional<sqlite::Statement>, 7> ready;
  const std::array<std::string_view, 7> texts = {kPutOrder,   kPutFill,  kPutPoint, kPutThinned,
                                                 kPutAccount, kPutQuote, kPutMark};
  for (size_t i = 0; i < texts.size(); ++i) {
    auto statement = database.Prepare(texts[i]);
    if (!statement) return std::unexpected(statement.error());
    ready[i] = *std::move(statement);
  }
  auto bars = BarWriter::Open(database);
  if (!bars) return std::unexpected(bars.error());
  return BatchWriter(database, copier, metrics,
                     {.order = *std::move(ready[0]),
                      .fill = *std::move(ready[1]),
                      .point = *std::move(ready[2]),
                      .thinned = *std::move(ready[3]),
                      .account = *std::move(ready[4]),
                      .quote = *std::move(ready[5]),
                      .mark = *std::move(ready[6])},
                     *std::move(bars));
}

BatchWriter::BatchWriter(sqlite::Database& database, LogCopier& copier, metrics::Registry& metrics,
                         Statements statements, BarWriter bars)
    : database_(&database),
      copier_(&copier),
      rows_total_(&metrics.AddCounter("livetape_store_rows_total", "Rows written to the store.")),
      bars_total_(&metrics.AddCounter("livetape_store_bars_total",
                                      "Bars given to the store, those it had already too.")),
      transactions_(&metrics.AddCounter("livetape_store_transactions_total",
                                        "Transactions that wrote to the store.")),
      failures_(&metrics.AddCounter("livetape_store_failed_writes_total",
                                    "Batches that the store's disk did not take.")),
      through_(&metrics.AddGauge("livetape_store_through",
                                 "The last record whose effect is in the store.")),
      statements_(std::move(statements)),
      bars_(std::move(bars)) {}

base::Result<void> BatchWriter::Write(const Batch& batch, Marks& marks) {
  auto written = Begin();
  if (written) written = PutAll(batch, marks);
  transaction_.reset();
  if (written && (batch.sync || batch.checkpoint > marks.checkpoint)) {
    written = database_->SyncLog();
  }
  if (written) marks.checkpoint = std::max(marks.checkpoint, batch.checkpoint);
  through_->Set(static_cast<int64_t>(marks.through));
  if (written) return {};
  failures_->Add();
  return std::unexpected(WithAdvice(std::move(written.error())));
}

// The marks last: what a crash leaves of a checkpoint that is cut does not count as one.
base::Result<void> BatchWriter::PutAll(const Batch& batch, Marks& marks) {
  auto put = PutEach(LastForms(batch.orders), batch.through, marks);
  if (put) put = PutEach(batch.fills, batch.through, marks);
  if (put) put = PutEach(batch.points, batch.through, marks);
  if (put) put = PutEach(batch.quotes, batch.through, marks);
  if (put) put = PutBars(batch.bars, batch.through, marks);
  if (put) put = PutEach(batch.accounts, batch.through, marks);
  const uint64_t through = std::max(marks.through, batch.through);
  if (put && through != marks.through) put = PutMark("through", through);
  if (put && batch.checkpoint > marks.checkpoint) put = PutMark("checkpoint", batch.checkpoint);
  if (put) put = Commit();
  if (!put) return put;
  marks.through = through;
  marks.reach = std::max(marks.reach, through);
  return {};
}

template <typename Rows>
base::Result<void> BatchWriter::PutEach(const Rows& rows, uint64_t through, Marks& marks) {
  for (const auto& element : rows) {
    const auto& row = *RowOf(&element);
    if (auto cut = CutIfFull(through, marks); !cut) return cut;
    if (auto put = Put(row); !put) return put;
    ++rows_;
    bytes_ += BytesOf(row);
  }
  return {};
}

base::Result<void> BatchWriter::PutBars(const std::vector<BarRows>& series, uint64_t through,
                                        Marks& marks) {
  for (const BarRows& rows : series) {
    for (size_t from = 0; from < rows.bars.size();) {
      if (auto cut = CutIfFull(through, marks); !cut) return cut;
      const auto step = bars_.Put(rows, from);
      if (!step) return std::unexpected(step.error());
      from += step->bars;
      blocks_ += step->blocks;
      bytes_ += step->bytes;
    }
    bars_total_->Add(rows.bars.size());
  }
  return {};
}

base::Result<void> BatchWriter::CutIfFull(uint64_t through, Marks& marks) {
  if (rows_ + kRowsOfBlock * blocks_ < kRowsMax && bytes_ < kBytesMax) return {};
  return Cut(through, marks);
}

// Ends a transaction in the middle of a batch.
base::Result<void> BatchWriter::Cut(uint64_t through, Marks& marks) {
  const uint64_t reach = std::max(marks.reach, through);
  if (reach != marks.reach) {
    if (auto put = PutMark("reach", reach); !put) return put;
  }
  if (auto committed = Commit(); !committed) return committed;
  marks.reach = reach;
  return Begin();
}

base::Result<void> BatchWriter::Begin() {
  rows_ = blocks_ = bytes_ = 0;
  auto transaction = sqlite::Transaction::Begin(*database_);
  if (!transaction) return std::unexpected(transaction.error());
  transaction_.emplace(*std::move(transaction));
  return {};
}

base::Result<void> BatchWriter::Commit() {
  if (auto committed = transaction_->Commit(); !committed) return committed;
  transaction_.reset();
  rows_total_->Add(rows_);
  transactions_->Add();
  copier_->AfterCommit();
  return {};
}

base::Result<void> BatchWriter::Put(const OrderRow& order) {
  return statements_.order.Bind(1, order.id.value())
      .Bind(2, order.seq)
      .Bind(3, order.parent.value())
      .BindText(4, order.account)
      .BindText(5, order.symbol)
      .Bind(6, static_cast<int64_t>(order.side))
      .Bind(7, int64_t{order.open})
      .Bind(8, Nanoseconds(order.submitted))
      .BindText(9, order.client_id)
      .BindText(10, order.json)
      .Run();
}

base::Result<void> BatchWriter::Put(const FillRow& fill) {
  const std::string fee = fill.fee.ToString(), realized = fill.realized.ToString();
  return statements_.fill.Bind(1, fill.number)
      .Bind(2, fill.seq)
      .Bind(3, fill.order.value())
      .BindText(4, fill.account)
      .BindText(5, fill.symbol)
      .Bind(6, static_cast<int64_t>(fill.side))
      .Bind(7, Nanoseconds(fill.time))
      .Bind(8, fill.quantity.units())
      .Bind(9, fill.price.units())
      .BindText(10, fee)
      .BindText(11, realized)
      .Bind(12, int64_t{fill.partial})
      .Bind(13, fill.leaves.units())
      .Bind(14, fill.cumulative.units())
      .BindText(15, fill.explain)
      .Run();
}

base::Result<void> BatchWriter::Put(const EquityPoint& point) {
  const std::string equity = point.equity.ToString(), cash = point.cash.ToString();
  auto put = statements_.point.BindText(1, point.account)
                 .Bind(2, Nanoseconds(point.time))
                 .BindText(3, equity)
                 .BindText(4, cash)
                 .BindDouble(5, point.drawdown)
                 .Run();
  if (!put) return put;
  return statements_.thinned.BindText(1, point.account)
      .Bind(2, BucketStart(Nanoseconds(point.time), kMinute))
      .Run();
}

base::Result<void> BatchWriter::Put(const AccountRow& account) {
  return statements_.account.BindText(1, account.account)
      .Bind(2, int64_t{account.number})
      .Bind(3, account.through)
      .Bind(4, Nanoseconds(account.time))
      .Bind(5, Nanoseconds(account.active))
      .BindText(6, account.settings)
      .BindBlob(7, account.snapshot)
      .Run();
}

base::Result<void> BatchWriter::Put(const QuoteRow& quote) {
  return statements_.quote.BindText(1, quote.symbol)
      .Bind(2, static_cast<int64_t>(quote.asset_class))
      .BindBlob(3, quote.image)
      .Run();
}

base::Result<void> BatchWriter::PutMark(std::string_view key, uint64_t value) {
  return statements_.mark.BindText(1, key).Bind(2, value).Run();
}

}  // namespace livetape::store
