#include "api/alpaca/trails.h"

#include <string_view>

namespace livetape::api {
namespace {

// `key` is `"name":`, which no string can hold: the quotes in it would be escaped. Its value is a
// string without escapes, a word or null.
void Set(std::string& json, std::string_view key, const std::string& value) {
  const size_t at = json.find(key);
  if (at == std::string::npos) return;
  const size_t begin = at + key.size();
  const size_t end = json.find_first_of(",}", begin);
  if (end == std::string::npos) return;
  json.replace(begin, end - begin, value);
}

void SetPrice(std::string& json, std::string_view key, base::Price price) {
  Set(json, key, '"' + price.ToString() + '"');
}

void Add(Trails& trails, const model::Order& order) {
  const bool trails_on = order.type == model::OrderType::kTrailingStop && !order.hwm.zero();
  if (!trails_on && !order.triggered) return;
  Trail trail;
  trail.triggered = order.triggered;
  if (trails_on) {
    trail.hwm = order.hwm;
    trail.stop = order.stop;
  }
  trails.emplace(order.id, trail);
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
  if (!trail.hwm.zero()) {
    SetPrice(json, "\"stop_price\":", trail.stop);
    SetPrice(json, "\"hwm\":", trail.hwm);
  }
  if (trail.triggered) Set(json, "\"triggered\":", "true");
}

}  // namespace livetape::api
