#include "api/alpaca/trails.h"

#include <string_view>

namespace livetape::api {
namespace {

// `key` is `"name":`, which no string can hold: the quotes in it would be escaped. Its value is a
// string without escapes, or null.
void SetPrice(std::string& json, std::string_view key, base::Price price) {
  const size_t at = json.find(key);
  if (at == std::string::npos) return;
  const size_t begin = at + key.size();
  const size_t end = json.find_first_of(",}", begin);
  if (end == std::string::npos) return;
  json.replace(begin, end - begin, '"' + price.ToString() + '"');
}

void Add(Trails& trails, const model::Order& order) {
  if (order.type != model::OrderType::kTrailingStop || order.hwm.zero()) return;
  trails.emplace(order.id, Trail{order.hwm, order.stop});
}

}  // namespace

Trails TrailsOf(Desk& desk) {
  Trails trails;
  for (const model::Order* const order : desk.floor().OpenOrders(desk.account())) {
    Add(trails, *order);
  }
  return trails;
}

Trails TrailOf(Desk& desk, model::OrderId id) {
  Trails trails;
  const model::Order* const order = desk.floor().FindOpen(desk.account(), id);
  if (order != nullptr) Add(trails, *order);
  return trails;
}

void SetTrail(std::string& json, const Trail& trail) {
  SetPrice(json, "\"stop_price\":", trail.stop);
  SetPrice(json, "\"hwm\":", trail.hwm);
}

}  // namespace livetape::api
