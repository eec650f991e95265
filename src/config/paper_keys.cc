#include "config/paper_keys.h"

#include <algorithm>
#include <string>

#include "config/decimal_kinds.h"
#include "config/key_kinds.h"
#include "config/made_of.h"

namespace livetape::config {
namespace {

constexpr int64_t kCashMax = 1'000'000'000'000'000;
constexpr int64_t kFeeMax = 1'000'000;  // money per share or fill
constexpr int64_t kQuantityMax = 9'000'000'000;

bool IsAccountName(std::string_view text) { return IsMadeOf(text, 64, "._-"); }
constexpr std::string_view kAccountNameForm = "1 to 64 letters, digits and . _ -";

// Goes where "name:password" may (HTTP Basic), so it has no colon.
bool IsAccountKey(std::string_view text) { return IsMadeOf(text, 128, "._-"); }

bool IsSecret(std::string_view text) {
  return !text.empty() && text.size() <= 256 &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

bool IsOwner(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::ranges::none_of(text, [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
  });
}

// What [paper] and each account have alike. `terms`: from a Root to its PaperTerms.
template <typename Root>
void AddTerms(std::vector<KeyOf<Root>>& keys, const std::string& prefix, auto terms) {
  const auto field = [terms](auto member) {
    return [terms, member](auto& root) -> auto& { return terms(root).*member; };
  };
  keys.push_back(AmountKey<Root>(prefix + "cash", {.most = kCashMax, .above = true},
                                 "what an account starts with, and has after a reset",
                                 field(&PaperTerms::cash)));
  keys.push_back(DecimalKey<Root>(prefix + "fee", {.most = 1},
                                  "fee of a fill, as a fraction of its value: 0.002 is 0.2 %",
                                  field(&PaperTerms::fee)));
  keys.push_back(DecimalKey<Root>(prefix + "fee_per_share", {.most = kFeeMax},
                                  "fee of a fill, in money per share or coin",
                                  field(&PaperTerms::fee_per_share)));
  keys.push_back(DecimalKey<Root>(prefix + "fee_min", {.most = kFeeMax}, "the least fee of a fill",
                                  field(&PaperTerms::fee_min)));
  keys.push_back(DecimalKey<Root>(
      prefix + "slippage_bps", {.most = 10'000, .below = true},
      "market, stop and trailing orders fill worse by this many hundredths of a percent",
      field(&PaperTerms::slippage_bps)));
  keys.push_back(OneOfKey<Root>(prefix + "multiplier", {1, 2, 4},
                                "buying power as a multiple of equity",
                                field(&PaperTerms::multiplier)));
}

// A limit of risk, its severity and its action.
void AddLimit(std::vector<Key>& keys, RiskMetric metric, const std::string& name,
              base::Decimal RiskConfig::* limit, const std::string& meaning) {
  const std::string path = "risk." + name;
  keys.push_back(DecimalKey(path, {.most = 1000}, meaning + "; 0: off", At(&Config::risk, limit)));
  const auto reaction = [metric](auto member) {
    return [metric, member](auto& config) -> auto& {
      return config.risk.reactions[static_cast<size_t>(metric)].*member;
    };
  };
  keys.push_back(ChoiceKey<RiskSeverity>(path + "_severity",
                                         {{"low", RiskSeverity::kLow},
                                          {"medium", RiskSeverity::kMedium},
                                          {"high", RiskSeverity::kHigh},
                                          {"critical", RiskSeverity::kCritical}},
                                         "how severe the alert is when " + name + " is broken",
                                         reaction(&RiskReaction::severity)));
  keys.push_back(ChoiceKey<RiskAction>(
      path + "_action",
      {{"alert", RiskAction::kAlert}, {"reduce", RiskAction::kReduce}, {"halt", RiskAction::kHalt}},
      "what is done then: nothing more, closing orders only, or no orders at all",
      reaction(&RiskReaction::action)));
}

}  // namespace

void AddPaperKeys(std::vector<Key>& keys) {
  keys.push_back(TextKey("paper.account", std::string(kAccountNameForm),
                         "the account of requests that name none",
                         At(&Config::paper, &PaperConfig::account), IsAccountName));
  AddTerms(keys, "paper.", At(&Config::paper));
  keys.push_back(ChoiceKey<PaperStrategy>(
      "paper.strategy", {{"demo", PaperStrategy::kDemo}, {"none", PaperStrategy::kNone}},
      "demo trades the default account by a simple rule, to show something; where nothing is set "
      "it does so with the synthetic source only",
      At(&Config::paper, &PaperConfig::strategy)));
}

void AddRiskKeys(std::vector<Key>& keys) {
  keys.push_back(AmountKey("risk.max_order_value", {.most = kCashMax},
                           "orders worth more are refused; 0: off",
                           At(&Config::risk, &RiskConfig::max_order_value)));
  keys.push_back(DecimalKey("risk.max_order_qty", {.most = kQuantityMax},
                            "orders of more shares or coins are refused; 0: off",
                            At(&Config::risk, &RiskConfig::max_order_qty)));
  keys.push_back(DecimalKey("risk.price_collar", {.most = 1000},
                            "limit and stop prices further from the market are refused, as a "
                            "fraction of the price: 0.05 is 5 %; 0: off",
                            At(&Config::risk, &RiskConfig::price_collar)));
  keys.push_back(IntegerKey("risk.max_orders_per_s", {0, 1'000'000},
                            "more orders of an account in a second are refused; 0: off",
                            At(&Config::risk, &RiskConfig::max_orders_per_s)));
  AddLimit(keys, RiskMetric::kVar, "var_limit", &RiskConfig::var_limit,
           "value at risk of a day, as a fraction of equity");
  AddLimit(keys, RiskMetric::kDrawdown, "drawdown_limit", &RiskConfig::drawdown_limit,
           "loss since the greatest equity, as a fraction of it");
  AddLimit(keys, RiskMetric::kDayDrawdown, "day_drawdown_limit", &RiskConfig::day_drawdown_limit,
           "loss since the day's start, as a fraction of equity then");
  AddLimit(keys, RiskMetric::kGross, "gross_limit", &RiskConfig::gross_limit,
           "value of all positions, long and short added, as a multiple of equity; orders that "
           "would go beyond are refused");
  AddLimit(keys, RiskMetric::kNet, "net_limit", &RiskConfig::net_limit,
           "the same for long less short");
  AddLimit(keys, RiskMetric::kConcentration, "concentration_limit",
           &RiskConfig::concentration_limit, "the same for the position in one symbol");
  keys.push_back(DecimalKey("risk.hysteresis", {.most = 1},
                            "a broken limit is armed again at or below this times the limit",
                            At(&Config::risk, &RiskConfig::hysteresis)));
  keys.push_back(DecimalKey("risk.var_confidence", {.most = 1, .below = true, .above = true},
                            "confidence of value at risk: 0.95 means the worst day in twenty",
                            At(&Config::risk, &RiskConfig::var_confidence)));
  keys.push_back(ChoiceKey<VarMethod>("risk.var_method",
                                      {{"historical", VarMethod::kHistorical},
                                       {"parametric", VarMethod::kParametric},
                                       {"monte_carlo", VarMethod::kMonteCarlo}},
                                      "which value at risk var_limit is compared with",
                                      At(&Config::risk, &RiskConfig::var_method)));
}

std::vector<AccountKey> MakeAccountKeys() {
  std::vector<AccountKey> keys;
  keys.push_back(TextKey<AccountConfig>("name", std::string(kAccountNameForm),
                                        "what the account is called; no two are called the same",
                                        At(&AccountConfig::name), IsAccountName));
  keys.push_back(TextKey<AccountConfig>("key", "1 to 128 letters, digits and . _ -",
                                        "its APCA-API-KEY-ID; no two accounts have the same",
                                        At(&AccountConfig::key), IsAccountKey));
  keys.push_back(TextKey<AccountConfig>("secret", "1 to 256 printable ASCII characters, no blank",
                                        "its APCA-API-SECRET-KEY; never printed",
                                        At(&AccountConfig::secret), IsSecret));
  keys.push_back(TextKey<AccountConfig>("owner", "1 to 128 bytes without control characters",
                                        "tokens of this `sub` with scope trade may use it",
                                        At(&AccountConfig::owner), IsOwner));
  AddTerms(keys, "", [](auto& account) -> auto& { return account; });
  return keys;
}

}  // namespace livetape::config
