#pragma once

// Stage: a floor on which a scenario's section is played, line by line (src/floor/scenarios/
// README.md). For tests; one thread uses it.

#include <fmt/format.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/time_text.h"
#include "floor/scenario_happening.h"
#include "floor/scenario_script.h"
#include "floor/scenario_standing.h"
#include "floor/scenario_wish.h"
#include "floor/trading_floor.h"

namespace livetape::floor {

class Stage : public FloorObserver {
 public:
  Stage() { Build(false); }

  // "" if the line did what it expects, else what is wrong. What has happened is in log().
  std::string Play(const ScriptLine& line) {
    try {
      const Words& command = line.command;
      const bool repeats = command.size() > 2 && command[0] == "repeat";
      const int times = repeats ? std::stoi(command[1]) : 1;
      const Words once(command.begin() + (repeats ? 2 : 0), command.end());
      for (int i = 0; i < times; ++i) {
        const std::string fault = PlayOnce(once, line.expected);
        if (!fault.empty()) return fault;
      }
      return "";
    } catch (const BadLine& bad) {
      return bad.what();
    }
  }
  // What the last line has made happen, a line each.
  std::string log() const {
    std::string text;
    for (const Happening& happening : happenings_) text += "    " + happening.FullText() + "\n";
    return text.empty() ? "    nothing\n" : text;
  }

 private:
  // --- setting up

  void Build(bool exchange_hours) {
    floor_ = std::make_unique<TradingFloor>(
        TradingFloor::Options{
            .exchange_hours = exchange_hours, .seed = 1, .check_identity_on_ticks = true},
        *this);
    for (const char* const symbol : {"AAPL", "MSFT"}) List(symbol, model::AssetClass::kUsEquity);
    for (const char* const symbol : {"BTC", "ETH"}) List(symbol, model::AssetClass::kCrypto);
  }
  void List(const std::string& symbol, model::AssetClass asset_class) {
    instruments_[symbol] = floor_->AddInstrument(asset_class);
  }
  model::InstrumentId InstrumentOf(const std::string& symbol) const {
    const auto found = instruments_.find(symbol);
    if (found == instruments_.end()) throw BadLine("no instrument " + symbol);
    return found->second;
  }
  // `main` opens by itself.
  model::AccountId AccountOf(const std::string& name) {
    const auto found = accounts_.find(name);
    if (found != accounts_.end()) return found->second;
    if (name != "main") throw BadLine("no account " + name);
    return OpenAccount("main", {});
  }
  model::AccountId OpenAccount(const std::string& name, const Words& terms) {
    AccountSettings settings;
    settings.cash = WordReader::MoneyOf("100000");
    ReadSettings(settings, WordReader(terms));
    const model::AccountId id = floor_->OpenAccount(time_, settings);
    accounts_[name] = id;
    account_names_[id] = name;
    return id;
  }

  // --- playing

  std::string PlayOnce(Words command, const std::vector<Words>& expected) {
    happenings_.clear();
    self_.clear();
    std::string who = "main";
    if (command.front().back() == ':') {
      who = command.front().substr(0, command.front().size() - 1);
      command.erase(command.begin());
    }
    if (command.empty()) throw BadLine("a command is missing");
    const std::string verb = command.front();
    command.erase(command.begin());
    if (verb == "expect") {
      if (!expected.empty()) throw BadLine("expect stands alone");
      return Expect(who, command);
    }
    Do(who, verb, command);
    for (const auto& [name, id] : accounts_) {
      if (!floor_->account(id).Sound()) return "the books of " + name + " are not sound";
    }
    return Compare(expected);
  }

  std::string Compare(const std::vector<Words>& expected) const {
    for (size_t i = 0; i < expected.size(); ++i) {
      if (i == happenings_.size()) return "event " + std::to_string(i + 1) + " did not come";
      const std::string mismatch = Mismatch(happenings_[i], expected[i], self_);
      if (!mismatch.empty()) {
        return "event " + std::to_string(i + 1) + " (" + happenings_[i].Text() + "): " + mismatch;
      }
    }
    if (happenings_.size() == expected.size()) return "";
    return "unexpected: " + happenings_[expected.size()].Text();
  }

  void Do(const std::string& who, const std::string& verb, const Words& words) {
    WordReader reader(words);
    if (verb == "floor") {
      if (reader.Next() != "exchange" || !accounts_.empty()) throw BadLine("floor exchange, first");
      instruments_.clear();
      return Build(true);
    }
    if (verb == "at") return SetTime(reader.Next());
    if (verb == "wait") return Wait(std::stoi(reader.Next()));
    if (verb == "account") {
      OpenAccount(words.at(0), Words(words.begin() + 1, words.end()));
      return;
    }
    if (DoMarket(verb, reader, words)) return;
    DoAccount(AccountOf(who), who, verb, words);
  }

  void SetTime(const std::string& text) {
    const auto time = base::ParseRfc3339(text);
    if (!time) throw BadLine(time.error().message);
    time_ = *time;
  }
  void Wait(int seconds) { time_ += std::chrono::seconds(seconds); }

  bool DoMarket(const std::string& verb, WordReader& words, const Words& all) {
    using base::Price;
    if (verb == "quote") {
      const model::InstrumentId id = InstrumentOf(words.Next());
      const Price bid = words.Number<Price>();
      floor_->OnQuote(time_, {id, bid, words.Number<Price>(), {}, {}});
    } else if (verb == "trade") {
      const model::InstrumentId id = InstrumentOf(words.Next());
      floor_->OnTrade(time_, {id, words.Number<Price>(), {}});
    } else if (verb == "book") {
      floor_->OnBook(time_, ReadBook(all));
    } else if (verb == "bar") {
      PlayBar(words);
    } else if (verb == "session") {
      const std::string& what = words.Next();
      floor_->OnSession(time_, what == "open"    ? SessionEvent::kOpen
                               : what == "close" ? SessionEvent::kClose
                               : what == "roll"  ? SessionEvent::kDayRoll
                                                 : throw BadLine("no session event " + what));
    } else if (verb == "window") {
      AccountOf("main");
      std::vector<model::AccountId> changed;
      floor_->TakeChanged(time_, changed);
    } else {
      return false;
    }
    return true;
  }

  // "AAPL snapshot bids 5x100 asks 6x101", size by price; size 0 takes a level away.
  model::BookUpdate ReadBook(const Words& words) const {
    model::BookUpdate update{InstrumentOf(words.at(0)), false, {}, {}};
    std::vector<model::BookLevel>* side = nullptr;
    for (size_t i = 1; i < words.size(); ++i) {
      const size_t by = words[i].find('x');
      if (words[i] == "snapshot") {
        update.snapshot = true;
      } else if (words[i] == "bids" || words[i] == "asks") {
        side = words[i] == "bids" ? &update.bids : &update.asks;
      } else if (side == nullptr || by == std::string::npos) {
        throw BadLine("a level is written 5x100 after bids or asks");
      } else {
        side->push_back({WordReader::NumberOf<base::Price>(words[i].substr(by + 1)),
                         WordReader::NumberOf<base::Quantity>(words[i].substr(0, by))});
      }
    }
    return update;
  }

  // "AAPL 100 105 98 103", or in two steps: "AAPL open 100" and "AAPL rest 100 105 98 103".
  void PlayBar(WordReader& words) {
    using base::Price;
    const model::InstrumentId id = InstrumentOf(words.Next());
    std::string first = words.Next();
    if (first == "open") return floor_->OnBarOpen(time_, id, words.Number<Price>());
    const bool whole = first != "rest";
    model::Bar bar;
    bar.start = time_;
    bar.open = whole ? WordReader::NumberOf<Price>(first) : words.Number<Price>();
    bar.high = words.Number<Price>();
    bar.low = words.Number<Price>();
    bar.close = words.Number<Price>();
    if (whole) floor_->OnBarOpen(time_, id, bar.open);
    floor_->OnBarRest(time_, id, bar);
  }

  void DoAccount(model::AccountId account, const std::string& who, const std::string& verb,
                 const Words& words) {
    WordReader reader(words);
    if (verb == "place") {
      Place(account, words);
    } else if (verb == "cancel") {
      self_ = reader.Next();
      const auto done = floor_->Cancel(time_, account, OrderOf(self_));
      if (!done) Refuse(self_, done.error());
    } else if (verb == "replace") {
      Replace(account, words);
    } else if (verb == "state") {
      AccountState state{};
      if (!Take(kAccountStateNames, reader.Next(), state)) throw BadLine("no such state");
      floor_->SetState(time_, account, state);
    } else if (verb == "settings") {
      AccountSettings settings = floor_->account(account).settings();
      ReadSettings(settings, reader);
      floor_->ChangeSettings(account, settings);
    } else if (verb == "reset") {
      self_ = who;
      floor_->Reset(time_, account);
    } else {
      throw BadLine("no command " + verb);
    }
  }

  void Place(model::AccountId account, const Words& words) {
    const Placing placing = ReadPlacing(
        WordReader(words), [this](const std::string& symbol) { return InstrumentOf(symbol); });
    const model::OrderId next = floor_->next_order();
    self_ = Label(next, placing.label);
    const auto placed = floor_->Place(time_, account, placing.request);
    if (placed && *placed != next) throw BadLine("the order has another id than the next one");
    if (placed) return;
    const bool told = !happenings_.empty() && happenings_.back().what == "rejected";
    if (told && happenings_.back().reason == Code(placed.error().reason)) {
      return DescribeRefusal(placed.error(), happenings_.back().fields);
    }
    Refuse(self_, placed.error());
  }

  void Replace(model::AccountId account, const Words& words) {
    const Replacing replacing = ReadReplacing(WordReader(words, 1));
    const model::OrderId next = floor_->next_order();
    self_ = words.at(0);
    const model::OrderId old = OrderOf(self_);
    const std::string label = Label(next, replacing.label);
    const auto replaced = floor_->Replace(time_, account, old, replacing.change);
    if (!replaced) {
      labels_.erase(next);
      ids_.erase(label);
      Refuse(self_, replaced.error());
    }
  }

  void Refuse(const std::string& who, const Refusal& refusal) {
    Happening happening{who, "refused", std::string(Code(refusal.reason)), "", {}};
    DescribeRefusal(refusal, happening.fields);
    if (refusal.order.value() != 0) happening.fields["first"] = LabelOf(refusal.order);
    happenings_.push_back(std::move(happening));
  }

  // --- names of orders: what `as` says, else the number; legs x.tp and x.sl

  std::string Label(model::OrderId id, const std::string& label) {
    const std::string name = label.empty() ? std::to_string(id.value()) : label;
    ids_[name] = id;
    labels_[id] = name;
    return name;
  }
  std::string LabelOf(model::OrderId id) const {
    const auto found = labels_.find(id);
    return found == labels_.end() ? std::to_string(id.value()) : found->second;
  }
  model::OrderId OrderOf(const std::string& label) const {
    const auto found = ids_.find(label);
    if (found == ids_.end()) throw BadLine("no order " + label);
    return found->second;
  }
  void LabelLegs(const model::Order& order) {
    if (order.role != model::LegRole::kParent) return;
    const std::string label = LabelOf(order.id);
    for (const auto& [leg, suffix] :
         {std::pair{order.take_profit, ".tp"}, std::pair{order.stop_loss, ".sl"}}) {
      if (leg.value() != 0 && !labels_.contains(leg)) Label(leg, label + suffix);
    }
  }

  // --- expectations of how things stand

  std::string Expect(const std::string& who, const Words& words) {
    WordReader reader(words);
    const std::string& what = reader.Next();
    if (what == "open") return ExpectOpen(AccountOf(who), Words(words.begin() + 1, words.end()));
    if (what == "account") return CompareFields(DescribeAccount(*floor_, AccountOf(who)), reader);
    if (what == "market") {
      const model::Quote* const quote = floor_->quotes().Find(InstrumentOf(reader.Next()));
      if (quote == nullptr) return "there is no price";
      return CompareFields({{"bid", quote->bid.ToString()},
                            {"ask", quote->ask.ToString()},
                            {"price", quote->price.ToString()},
                            {"reference", quote->reference.ToString()}},
                           reader);
    }
    if (what == "position") {
      const model::InstrumentId id = InstrumentOf(reader.Next());
      return CompareFields(DescribePosition(floor_->account(AccountOf(who)), id), reader);
    }
    if (what != "order") throw BadLine("nothing to expect of " + what);
    const model::OrderId id = OrderOf(reader.Next());
    Fields fields;
    const model::Order* const open = floor_->FindOpen(AccountOf(who), id);
    const auto known = known_.find(id);
    if (open == nullptr && known == known_.end()) return "there is no such order";
    DescribeOrder(open != nullptr ? *open : known->second, fields);
    return CompareFields(fields, reader);
  }

  std::string ExpectOpen(model::AccountId account, const Words& labels) const {
    std::string open;
    std::string expected;
    for (const model::Order* const order : floor_->OpenOrders(account)) {
      open += " " + LabelOf(order->id);
    }
    for (const std::string& label : labels) expected += " " + label;
    return open == (expected == " none" ? "" : expected) ? "" : "open are" + open;
  }

  static std::string CompareFields(const Fields& fields, WordReader& words) {
    while (!words.done()) {
      const std::string& name = words.Next();
      const auto field = fields.find(name);
      if (field == fields.end()) throw BadLine("no field " + name);
      const std::string expected = Canonical(words.Next());
      if (expected != field->second) {
        return fmt::format("{} is {}, expected {}", name, field->second, expected);
      }
    }
    return "";
  }

  // --- what happens

  void OnOrderEvent(const OrderEvent& event) override {
    LabelLegs(event.order);
    if (event.order.replaces.value() != 0 && !labels_.contains(event.order.id)) {
      Label(event.order.id, "");
    }
    known_[event.order.id] = event.order;
    Happening happening{LabelOf(event.order.id),
                        std::string(Name(event.kind)),
                        event.reason == RefusalReason::kNone ? "" : std::string(Code(event.reason)),
                        "",
                        {}};
    DescribeOrder(event.order, happening.fields);
    if (IsFill(event.kind)) {
      happening.fill = event.fill.quantity.ToString() + "@" + event.fill.price.ToString();
      DescribeFill(event.fill, happening.fields);
    }
    happenings_.push_back(std::move(happening));
  }
  void OnRuined(model::AccountId account, base::WallTime) override {
    happenings_.push_back({account_names_[account], "ruined", "", "", {}});
  }

  std::unique_ptr<TradingFloor> floor_;
  base::WallTime time_ = *base::ParseRfc3339("2024-08-08T15:00:00Z");
  std::map<std::string, model::InstrumentId> instruments_;
  std::map<std::string, model::AccountId> accounts_;
  std::map<model::AccountId, std::string> account_names_;
  std::map<std::string, model::OrderId> ids_;
  std::map<model::OrderId, std::string> labels_;
  std::map<model::OrderId, model::Order> known_;  // as the last event told it
  std::vector<Happening> happenings_;
  std::string self_;  // the order that the line speaks of
};

}  // namespace livetape::floor
