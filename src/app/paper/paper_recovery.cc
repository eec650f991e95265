#include "app/paper/paper_recovery.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "api/paper/account_change.h"

namespace livetape::app {
namespace {

struct Covered {
  // The last record whose effect a snapshot has, by account.
  std::unordered_map<std::string, uint64_t> through;
  // Of the oldest snapshot; none: there is none. Each day's beginning renews them all.
  std::optional<base::WallTime> time;
};

// A store that knows more than the tape, or another tape's, forgets that. True when it did.
base::Result<bool> Reconcile(const PaperParts& parts) {
  bool cut = false;
  store::Store& store = parts.store;
  const std::string epoch = store.epoch();
  if (!epoch.empty()) {
    const auto last = parts.tape.LastOf(epoch);
    if (!last) {
      parts.log.Warning("the store is of another tape; what follows from records is made again");
    }
    if (last.value_or(0) < store.reach()) {
      if (auto done = store.CutBack(last.value_or(0)); !done) {
        return std::unexpected(std::move(done.error()));
      }
      cut = true;
    }
  }
  if (auto set = store.SetEpoch(parts.tape.epoch()); !set) {
    return std::unexpected(std::move(set.error()));
  }
  return cut;
}

base::Result<Covered> RestoreSnapshots(const PaperParts& parts) {
  auto rows = parts.store.Accounts();
  if (!rows) return std::unexpected(std::move(rows.error()));
  Covered covered;
  for (const store::AccountRow& row : *rows) {
    if (auto restored = parts.paper.Restore(row); !restored) {
      return base::Fail("the snapshot of account " + row.account +
                        " cannot be read: " + restored.error().message +
                        ". Move store.db away to make it again from the tape");
    }
    covered.through.emplace(row.account, row.through);
    covered.time = covered.time ? std::min(*covered.time, row.time) : row.time;
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

// `cut`: there may have been snapshots of more accounts.
base::Result<void> FoldRecords(const PaperParts& parts, const Covered& covered, bool cut) {
  const uint64_t stored = parts.store.through();
  // Not the snapshots alone: one of a new account may be missing that a crash left unwritten.
  uint64_t from = std::min(stored, parts.store.checkpoint());
  for (const auto& [account, through] : covered.through) from = std::min(from, through);
  if (covered.through.empty() || cut) from = 0;
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

base::Result<void> RestoreQuotes(const PaperParts& parts) {
  auto rows = parts.store.Quotes();
  if (!rows) return std::unexpected(std::move(rows.error()));
  for (const store::QuoteRow& row : *rows) {
    const auto quote = floor::DecodeQuoteImage(row.image);
    if (!quote) {
      parts.log.Warning("the last quote of {} cannot be read: {}", row.symbol,
                        quote.error().message);
      continue;
    }
    parts.floor.RestoreQuote(
        parts.floor.Recall({.symbol = row.symbol, .asset_class = row.asset_class}), *quote);
  }
  return {};
}

}  // namespace

base::Result<void> RecoverPaper(const PaperParts& parts) {
  parts.paper.SetAddInstrument([&floor = parts.floor](model::Instrument instrument) {
    return floor.Recall(std::move(instrument));
  });
  const auto cut = Reconcile(parts);
  if (!cut) return std::unexpected(cut.error());
  const auto covered = RestoreSnapshots(parts);
  if (!covered) return std::unexpected(covered.error());
  if (auto folded = FoldRecords(parts, *covered, *cut); !folded) return folded;
  // Sessions and days that ended since are held; without a snapshot nothing tells of them.
  parts.floor.RestoreTime(covered->time.value_or(parts.paper.floor().now()));
  if (auto named = RestoreNames(parts); !named) return named;
  return RestoreQuotes(parts);
}

}  // namespace livetape::app
