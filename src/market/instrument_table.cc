#include "market/instrument_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "market/append_event.h"
#include "market/asset_class.h"

namespace livetape::market {

base::Result<model::InstrumentId> InstrumentTable::Find(std::string_view symbol,
                                                        base::WallTime time,
                                                        std::vector<model::MarketEvent>& events) {
  if (!symbols_.empty() && symbols_[last_.value()] == symbol) return last_;
  const auto found = ids_.find(symbol);
  if (found != ids_.end()) return last_ = found->second;
  if (symbols_.size() >= kFeedSymbolsMax) {
    return base::Fail(fmt::format("symbol '{}' is one more than the {} a file may have", symbol,
                                  kFeedSymbolsMax));
  }
  last_ = model::InstrumentId(static_cast<uint32_t>(symbols_.size()));
  symbols_.emplace_back(symbol);
  ids_.emplace(symbol, last_);
  const auto asset_class = asset_class_.value_or(DefaultAssetClass(symbol));
  Append(events, time, model::InstrumentListed{{symbols_.back(), asset_class}});
  return last_;
}

bool IsSymbol(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c <= '~' && c != ',' && c != '"' && c != '\'';
  });
}

}  // namespace livetape::market
