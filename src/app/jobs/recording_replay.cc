#include "app/jobs/recording_replay.h"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "api/paper/order_record.h"
#include "app/jobs/backtest_table.h"
#include "app/progress_line.h"
#include "base/json_text.h"
#include "base/time_text.h"
#include "floor/recording/input_codec.h"
#include "floor/recording/input_player.h"
#include "floor/recording/recording_format.h"

namespace livetape::app {
namespace {

using floor::FloorInput;

std::string Text(base::Amount amount) {
  std::string text;
  amount.AppendTo(text);
  return text;
}

// The floor of a recording, and what it tells.
class RecordedSession final : private floor::FloorObserver {
 public:
  // `records`: null: they are not written. Both outlive it.
  RecordedSession(std::istream& in, std::ostream* records) : in_(in), records_(records) {}

  // `progress` is told after each block how many bytes and inputs it has played.
  base::Result<void> Run(const std::function<void(uint64_t bytes, uint64_t inputs)>& progress) {
    auto opened = floor::RecordingReader::Open(in_);
    if (!opened) return std::unexpected(std::move(opened.error()));
    reader_.emplace(*std::move(opened));
    ids_.emplace(reader_->header().ids_seed);
    floor_.emplace(reader_->header().options, static_cast<floor::FloorObserver&>(*this));
    player_.emplace(*floor_);
    while (true) {
      const auto block = reader_->Next();
      if (!block) return std::unexpected(block.error());
      if (!*block) return {};
      if (auto played = PlayBlock(**block); !played) return played;
      progress(reader_->end(), inputs_);
    }
  }

  std::string Table(std::chrono::nanoseconds took) const;
  std::string Json() const;
  // What is to be known about its end; "" when the server was stopped in order.
  std::string EndNote() const;

 private:
  struct Tally {
    uint64_t records = 0, fills = 0, refused = 0;
  };

  base::Result<void> PlayBlock(std::string_view block) {
    if (auto begun = decoder_.Begin(block); !begun) return begun;
    while (true) {
      const auto more = decoder_.Next(input_);
      if (!more) return std::unexpected(more.error());
      if (!*more) return {};
      ++inputs_;
      if (const auto* end = std::get_if<floor::RecordingEnded>(&input_)) end_ = end->why;
      if (auto played = player_->Play(input_); !played) return played;
      if (!fault_.empty()) return base::Fail(fault_);
    }
  }

  // What was restored had been told before the recording began.
  void OnOrderEvent(const floor::OrderEvent& event) override {
    if (!player_->live()) return;
    const size_t account = event.order.account.value();
    const size_t instrument = event.order.instrument.value();
    if (account >= player_->accounts().size() || instrument >= player_->instruments().size()) {
      fault_ = "the recording has an order of an account or an instrument without a name";
      return;
    }
    tallies_.resize(player_->accounts().size());
    Tally& tally = tallies_[account];
    ++tally.records;
    if (floor::IsFill(event.kind)) ++tally.fills;
    if (event.kind == floor::OrderEventKind::kRejected) ++tally.refused;
    if (records_ == nullptr) return;
    Write(api::OrderEventRecord(event, player_->accounts()[account],
                                player_->instruments()[instrument], *ids_));
  }
  void OnRuined(model::AccountId, base::WallTime) override {}

  void Write(const tape::NewRecord& record) {
    line_ = "{\"topic\":";
    base::AppendJsonString(line_, record.topic);
    line_ += ",\"type\":";
    base::AppendJsonString(line_, record.type);
    line_ += ",\"data\":";
    line_ += record.data;
    line_ += "}\n";
    records_->write(line_.data(), static_cast<std::streamsize>(line_.size()));
  }

  Tally TallyOf(size_t account) const {
    return account < tallies_.size() ? tallies_[account] : Tally();
  }
  std::string NameOf(size_t account) const {
    return account < player_->accounts().size() ? player_->accounts()[account] : "?";
  }
  std::string SymbolOf(model::InstrumentId id) const {
    const auto& known = player_->instruments();
    return id.value() < known.size() ? known[id.value()].symbol : "?";
  }

  std::istream& in_;
  std::ostream* const records_;
  std::optional<floor::RecordingReader> reader_;
  std::optional<api::TradingIds> ids_;
  std::optional<floor::TradingFloor> floor_;
  std::optional<floor::InputPlayer> player_;
  floor::InputDecoder decoder_;
  FloorInput input_;
  std::string line_, fault_;    // scratch; what the observer found wrong
  std::vector<Tally> tallies_;  // by account
  uint64_t inputs_ = 0;
  std::optional<floor::RecordingEnd> end_;
};

std::string RecordedSession::Table(std::chrono::nanoseconds took) const {
  const double seconds = std::chrono::duration<double>(took).count();
  const floor::RecordingHeader& header = reader_->header();
  std::string out = fmt::format(
      "recorded from {} on by livetape {}, until {} of the floor's time\n"
      "{} inputs in {:.3f} s, {:.0f} inputs/s\n\n"
      "{:<24} {:>9} {:>9} {:>9} {:>18} {:>18} {:>18} {:>9}\n",
      base::FormatRfc3339(header.began), header.program, base::FormatRfc3339(floor_->now()),
      inputs_, seconds, seconds > 0 ? static_cast<double>(inputs_) / seconds : 0.0, "account",
      "records", "fills", "refused", "cash", "equity", "realized P&L", "positions");
  for (uint32_t i = 0; i < floor_->account_count(); ++i) {
    const floor::Account& account = floor_->account(model::AccountId(i));
    const Tally tally = TallyOf(i);
    out += fmt::format("{:<24} {:>9} {:>9} {:>9} {:>18} {:>18} {:>18} {:>9}\n", NameOf(i),
                       tally.records, tally.fills, tally.refused, MoneyText(account.cash()),
                       MoneyText(account.Value(floor_->quotes()).equity),
                       MoneyText(account.realized()), account.positions().size());
  }
  return out;
}

std::string RecordedSession::Json() const {
  const floor::RecordingHeader& header = reader_->header();
  std::string out =
      fmt::format(R"({{"began":"{}","program":"{}","floor_time":"{}","inputs":{},)"
                  R"("complete":{},"accounts":[)",
                  base::FormatRfc3339(header.began), header.program,
                  base::FormatRfc3339(floor_->now()), inputs_, end_ == floor::RecordingEnd::kStop);
  for (uint32_t i = 0; i < floor_->account_count(); ++i) {
    const floor::Account& account = floor_->account(model::AccountId(i));
    const Tally tally = TallyOf(i);
    out += i == 0 ? "\n{\"account\":" : ",\n{\"account\":";
    base::AppendJsonString(out, NameOf(i));
    out += fmt::format(
        R"(,"records":{},"fills":{},"refused":{},"cash":{},"equity":{},"realized_pnl":{},)"
        R"("open_orders":{},"positions":[)",
        tally.records, tally.fills, tally.refused, Text(account.cash()),
        Text(account.Value(floor_->quotes()).equity), Text(account.realized()),
        floor_->OpenOrders(model::AccountId(i)).size());
    const char* between = "";
    for (const auto& [instrument, position] : account.positions()) {
      out += std::exchange(between, ",");
      out += "{\"symbol\":";
      base::AppendJsonString(out, SymbolOf(instrument));
      out += fmt::format(R"(,"qty":{},"cost":{}}})", position.quantity.ToString(),
                         Text(position.cost));
    }
    out += "]}";
  }
  return out + "\n]}\n";
}

std::string RecordedSession::EndNote() const {
  if (reader_->cut_off()) {
    return fmt::format(
        "the recording is cut off: it is read up to byte {}, the end of the last "
        "block that is whole",
        reader_->end());
  }
  if (!end_) {
    return "the recording was not closed: the server did not stop in order, and what it did last "
           "is "
           "missing";
  }
  if (*end_ == floor::RecordingEnd::kLimit) {
    return "the recording ends where its limit of size was reached (--record-limit)";
  }
  if (*end_ == floor::RecordingEnd::kBehind) {
    return "the recording ends where the disk could not keep up";
  }
  return "";
}

int Failed(const std::string& message) {
  fmt::print(stderr, "livetape backtest: {}\n", message);
  return 1;
}

int CannotWrite(const std::string& path) {
  return Failed(fmt::format("cannot write {}: {}", path, std::strerror(errno)));
}

}  // namespace

int ReplayRecording(const RecordingCommand& command, const base::Clock& clock) {
  std::ifstream in(command.file, std::ios::binary);
  if (!in) {
    return Failed(fmt::format("cannot read {}: {}", command.file, std::strerror(errno)));
  }
  std::ofstream records;
  if (command.records) {
    records.open(*command.records, std::ios::binary);
    if (!records) return CannotWrite(*command.records);
  }
  RecordedSession session(in, command.records ? &records : nullptr);
  const base::MonoTime start = clock.Mono();
  std::error_code unknown;
  const uint64_t size = std::filesystem::file_size(command.file, unknown);
  ProgressLine line(clock);
  const auto run = session.Run([&](uint64_t bytes, uint64_t inputs) {
    if (!line.Due()) return;
    line.Show(fmt::format("{} {} inputs", line.Bar(bytes, unknown ? 0 : size), inputs));
  });
  line.Clear();
  if (!run) {
    return Failed(fmt::format("{}: {}", command.file, run.error().message));
  }
  if (command.records) {
    records.close();
    if (!records) return CannotWrite(*command.records);
  }
  if (command.json) {
    std::ofstream out(*command.json, std::ios::binary);
    out << session.Json();
    out.close();
    if (!out) return CannotWrite(*command.json);
  }
  fmt::print("{}", session.Table(clock.Mono() - start));
  const std::string note = session.EndNote();
  if (!note.empty()) fmt::print(stderr, "livetape backtest: {}\n", note);
  return 0;
}

}  // namespace livetape::app
