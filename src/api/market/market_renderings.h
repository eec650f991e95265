#pragma once

// Renderings of the market and clock streams (API section 3). Stateless; any thread.

#include "hub/rendering.h"

namespace livetape::api {

// Records have no form in these views.
class MarketRendering : public hub::Rendering {
 public:
  void Record(const hub::RecordView&, std::string_view, std::string&) const override {}
};

// Unnamed events {"asset","price","change","timestamp"}: /stream, /sse/{symbol}?format=json.
class PriceJsonRendering final : public MarketRendering {
 public:
  void State(const hub::StateKey& key, std::string_view value, std::string& out) const override;
};

// "AAPL price is 187.34": /sse/{symbol}.
class PriceTextRendering final : public MarketRendering {
 public:
  void State(const hub::StateKey& key, std::string_view value, std::string& out) const override;
};

// "The current time is Fri Nov 20 15:04:05 2026": /sse.
class ClockRendering final : public MarketRendering {
 public:
  void State(const hub::StateKey& key, std::string_view value, std::string& out) const override;
};

struct MarketRenderings {
  PriceJsonRendering price_json;
  PriceTextRendering price_text;
  ClockRendering clock;
};

}  // namespace livetape::api
