#include "api/alpaca_data/asset_json.h"

#include "base/json_text.h"

namespace livetape::api {
namespace {

void AppendText(std::string& out, std::string_view name, std::string_view text) {
  out += out.back() == '{' ? "\"" : ",\"";
  out += name;
  out += "\":";
  base::AppendJsonString(out, text);
}

// The margin of Regulation T's houses: 30 % of a share's worth, all of a coin's.
constexpr std::string_view kShare =
    R"(,"status":"active","tradable":true,"marginable":true,"shortable":true,"easy_to_borrow":true,)"
    R"("fractionable":true,"attributes":[],"maintenance_margin_requirement":30,)"
    R"("margin_requirement_long":"30","margin_requirement_short":"30","min_order_size":null,)"
    R"("min_trade_increment":null,"price_increment":null})";
constexpr std::string_view kCoin =
    R"(,"status":"active","tradable":true,"marginable":false,"shortable":false,)"
    R"("easy_to_borrow":false,"fractionable":true,"attributes":[],)"
    R"("maintenance_margin_requirement":100,"margin_requirement_long":"100",)"
    R"("margin_requirement_short":"100","min_order_size":"0.000000001",)"
    R"("min_trade_increment":"0.000000001","price_increment":"0.000000001"})";

}  // namespace

std::string_view AssetExchange(model::AssetClass asset_class) {
  return asset_class == model::AssetClass::kCrypto ? "CRYPTO" : "";
}

void AppendAsset(std::string& out, const model::Instrument& instrument, const TradingIds& ids) {
  out += '{';
  AppendText(out, "id", ids.Asset(instrument.symbol));
  AppendText(out, "class", model::Name(instrument.asset_class));
  AppendText(out, "exchange", AssetExchange(instrument.asset_class));
  AppendText(out, "symbol", instrument.symbol);
  AppendText(out, "name", instrument.symbol);
  out += instrument.asset_class == model::AssetClass::kCrypto ? kCoin : kShare;
}

}  // namespace livetape::api
