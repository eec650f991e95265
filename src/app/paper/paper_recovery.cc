#include "app/paper/paper_recovery.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "api/paper/account_change.h"
#include "base/assert.h"

namespace livetape::app {
namespace {

struct Covered {
  // The last record whose effect a snapshot has, by account.
  std::unordered_map<std::string, uint64_t> through;
  // Of the oldest snapshot; none: there is none. Each day's beginning renews them all.
  std::optional<base::WallTime> time;
  // The symbols that snapshots speak of, and the instruments of which they have positions.
  std::unordered_set<std::string> symbols;
  std::set<model::InstrumentId> held;
};

// The accounts whose beginning the tape keeps, and with it all that has happened to them.
base::Result<std::unordered_set<std::string>> OpenedOnTape(tape::Tape& tape) {
  std::unordered_set<std::string> opened;
  base::Result<void> readable;
  auto folded =
      tape.FoldAfter(0, {tape::RecordKind::kAccountChange}, [&](const tape::Record& record) {
        auto change = api::ParseAccountChange(record);
        if (!change) {
          readable = std::unexpected(std::move(change.error()));
        } else if (change->kind == api::AccountChange::Kind::kOpen) {
          opened.insert(std::move(change->profile.name));
        }
      });
  if (!folded) return std::unexpected(std::move(folded.error()));
  if (!readable) return std::unexpected(std::move(readable.error()));
  return opened;
}

// The accounts whose snapshots have the effect of records that the tape does not have, and that it
// cannot make again: their openings are older than its oldest record, or it has none at all.
base::Result<store::Ahead> AheadOf(const PaperParts& parts, uint64_t last) {
  store::Ahead ahead{.through = parts.tape.head()};
  // From its first record on it tells of every account that there was.
  if (parts.tape.oldest() == 1 && parts.tape.head() > 0) return ahead;
  const auto opened = OpenedOnTape(parts.tape);
  if (!opened) return std::unexpected(opened.error());
  auto rows = parts.store.Accounts();
  if (!rows) return std::unexpected(std::move(rows.error()));
  for (store::AccountRow& row : *rows) {
    if (row.through > last && !opened->contains(row.account)) {
      ahead.accounts.push_back(std::move(row.account));
    }
  }
  return ahead;
}

// What follows from records after `last` is taken back where the tape can make again what was before
// it. Where it cannot, an account keeps its money and the fills it comes from.
base::Result<void> TakeBack(const PaperParts& parts, uint64_t last) {
  const auto ahead = AheadOf(parts, last);
  if (!ahead) return std::unexpected(ahead.error());
  parts.log.Warning(
      "the store is ahead of the tape, which ends with record {}: orders and fills that only later "
      "records tell of are taken back",
      parts.tape.head());
  if (!ahead->accounts.empty()) {
    constexpr size_t kNamed = 20;
    const auto named = std::span(ahead->accounts).first(std::min(ahead->accounts.size(), kNamed));
    parts.log.Warning(
        "{} of the accounts began before record {}, the oldest that the tape keeps, and cannot be "
        "made again from it: they stay as they were when the store last knew them, with the orders "
        "and fills until then, some of which no stream tells of any more: {}{}",
        ahead->accounts.size(), parts.tape.oldest(), fmt::join(named, ", "),
        named.size() < ahead->accounts.size() ? ", ..." : "");
  }
  return parts.store.CutBack(last, *ahead);
}

// A store that knows more than the tape, or another tape's, forgets that.
base::Result<void> Reconcile(const PaperParts& parts) {
  store::Store& store = parts.store;
  const std::string epoch = store.epoch();
  if (!epoch.empty()) {
    const auto last = parts.tape.LastOf(epoch);
    base::Result<void> done;
    if (!last && !store.origin().empty() && store.origin() != parts.tape.origin()) {
      parts.log.Warning("the store is of another tape; what follows from records is made again");
      done = store.CutBack(0);
    } else if (last.value_or(0) < store.reach()) {
      // Without the epoch it is an older copy: nobody knows where the two went different ways.
      done = TakeBack(parts, last.value_or(0));
    }
    if (!done) return done;
  }
  if (auto set = store.SetOrigin(parts.tape.origin()); !set) return set;
  return store.SetEpoch(parts.tape.epoch());
}

// The instruments that snapshots speak of. One that cannot be read is told when it is restored.
std::vector<model::Instrument> InstrumentsOf(const std::vector<store::AccountRow>& rows) {
  std::vector<model::Instrument> all;
  std::unordered_map<std::string, model::InstrumentId> known;
  for (const store::AccountRow& row : rows) {
    (void)floor::DecodeSnapshot(row.snapshot, {}, [&](const model::Instrument& instrument) {
      const model::InstrumentId next(static_cast<uint32_t>(all.size()));
      const auto [at, added] = known.emplace(instrument.symbol, next);
      if (added) all.push_back(instrument);
      return at->second;
    });
  }
  return all;
}

base::Result<Covered> RestoreSnapshots(const PaperParts& parts) {
  auto rows = parts.store.Accounts();
  if (!rows) return std::unexpected(std::move(rows.error()));
  const std::vector<model::Instrument> instruments = InstrumentsOf(*rows);
  parts.floor.RecallHeld(instruments);
  Covered covered;
  for (const model::Instrument& each : instruments) covered.symbols.insert(each.symbol);
  for (const store::AccountRow& row : *rows) {
    if (auto restored = parts.paper.Restore(row); !restored) {
      return base::Fail("the snapshot of account " + row.account +
                        " cannot be read: " + restored.error().message +
                        ". Move store.db away to make it again from the tape");
    }
    covered.through.emplace(row.account, row.through);
    covered.time = covered.time ? std::min(*covered.time, row.time) : row.time;
    const auto id = parts.paper.FindAccount(row.account);
    LT_ASSERT(id, "account {} is restored and unknown", row.account);
    for (const auto& [of, position] : parts.paper.floor().account(*id).positions()) {
      covered.held.insert(of);
    }
  }
  return covered;
}

// The account of a record, without reading all of it where its topic tells.
base::Result<std::string> AccountOf(const tape::Record& record) {
  if (record.kind == tape::RecordKind::kOrderEvent) {
    const size_t from = std::string_view("paper/").size();
    const size_t slash = record.topic.find('/', from);
    if (slash != std::string::npos) return record.topic.substr(from, slash - from);
  }
  const auto change = api::ParseAccountChange(record);
  if (!change) return std::unexpected(change.error());
  return change->profile.name;
}

base::Result<void> FoldRecords(const PaperParts& parts, const Covered& covered) {
  parts.projector.BeginFold();
  const uint64_t stored = parts.store.through();
  // Not the snapshots alone: one of a new account may be missing that a crash left unwritten.
  uint64_t from = std::min(stored, parts.store.checkpoint());
  for (const auto& [account, through] : covered.through) from = std::min(from, through);
  if (covered.through.empty()) from = 0;
  if (from + 1 < parts.tape.oldest()) parts.paper.ExpectGaps(parts.tape.oldest());
  base::Result<void> readable;
  auto folded =
      parts.tape.FoldAfter(from, {tape::RecordKind::kOrderEvent, tape::RecordKind::kAccountChange},
                           [&](const tape::Record& record) {
                             if (!readable) return;
                             if (record.seq > stored) readable = parts.projector.Fold(record);
                             if (!readable) return;
                             const auto account = AccountOf(record);
                             if (!account) {
                               readable = std::unexpected(account.error());
                               return;
                             }
                             const auto at = covered.through.find(*account);
                             if (at != covered.through.end() && record.seq <= at->second) return;
                             parts.projector.KeepFrom(record.seq);
                             readable = parts.paper.Replay(record);
                           });
  if (!folded) return folded;
  if (!readable) return readable;
  return parts.projector.FinishFold();
}

// After a cut back the store has lost open orders whose newest forms were taken back, and the records
// of older ones may be gone; the accounts have them all.
base::Result<void> RestoreOrders(const PaperParts& parts) {
  if (parts.store.checkpoint() != 0) return {};
  base::Result<void> written;
  parts.paper.ForEachOpenOrder([&](const model::Order& order, const std::string& account,
                                   const model::Instrument& instrument) {
    if (written) written = parts.projector.FoldOrder(order, account, instrument);
  });
  if (!written) return written;
  return parts.projector.FinishFold();
}

base::Result<void> RestoreNames(const PaperParts& parts) {
  floor::TradingFloor& floor = parts.paper.floor();
  auto named = parts.store.ForEachClientId(
      [&](std::string_view account, std::string_view client_id, model::OrderId order) {
        const auto id = parts.paper.FindAccount(account);
        const auto name = model::ClientOrderId::From(client_id);
        if (id && name) floor.RestoreClientId(*id, *name, order);
      });
  if (!named) return named;
  const auto order = parts.store.LastOrder();
  if (!order) return std::unexpected(order.error());
  const auto fill = parts.store.LastFill();
  if (!fill) return std::unexpected(fill.error());
  floor.RestoreIds(std::max(floor.next_order(), model::OrderId(order->value() + 1)),
                   std::max(floor.next_fill(), *fill + 1));
  return {};
}

// A quote was kept while somebody held its instrument. Since then it says what was once paid, and
// nobody may trade at it: it goes, so that no later start takes it for one of the last checkpoint.
base::Result<void> RestoreQuotes(const PaperParts& parts, const Covered& covered) {
  auto rows = parts.store.Quotes();
  if (!rows) return std::unexpected(std::move(rows.error()));
  std::vector<std::string> outdated;
  for (const store::QuoteRow& row : *rows) {
    const auto id = covered.symbols.contains(row.symbol)
                        ? std::optional(parts.floor.RecallHeld(
                              {.symbol = row.symbol, .asset_class = row.asset_class}))
                        : std::nullopt;
    if (!id || !covered.held.contains(*id)) {
      outdated.push_back(row.symbol);
      continue;
    }
    const auto last = floor::DecodeQuoteImage(row.image);
    if (!last) {
      parts.log.Warning("the last quote of {} cannot be read: {}", row.symbol,
                        last.error().message);
      continue;
    }
    parts.floor.RestoreQuote(*id, last->quote);
    parts.paper.floor().RestoreTraded(*id, last->traded);
  }
  return parts.store.DropQuotes(outdated);
}

}  // namespace

base::Result<void> RecoverPaper(const PaperParts& parts) {
  parts.paper.SetAddInstrument([&floor = parts.floor](const model::Instrument& instrument) {
    return floor.RecallHeld(instrument);
  });
  if (auto reconciled = Reconcile(parts); !reconciled) return reconciled;
  const auto covered = RestoreSnapshots(parts);
  if (!covered) return std::unexpected(covered.error());
  if (auto folded = FoldRecords(parts, *covered); !folded) return folded;
  if (auto restored = RestoreOrders(parts); !restored) return restored;
  // Sessions and days that ended since are held; without a snapshot nothing tells of them.
  parts.floor.RestoreTime(covered->time.value_or(parts.paper.floor().now()));
  if (auto named = RestoreNames(parts); !named) return named;
  return RestoreQuotes(parts, *covered);
}

}  // namespace livetape::app
