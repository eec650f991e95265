#include "floor/open_orders.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/assert.h"

namespace livetape::floor {

OpenOrder& OpenOrders::Add(const model::Order& order, OrderList& account) {
  LT_ASSERT(order.id.value() > 0 && Find(order.id) == nullptr, "order {}", order.id.value());
  if (free_.empty()) {
    // Few have many orders open: the first blocks are small.
    const size_t doublings = std::min<size_t>(blocks_.size(), std::bit_width(kBlockMax));
    const size_t count = std::min(kBlockMax, kBlockMin << doublings);
    const auto& block = blocks_.emplace_back(std::make_unique<OpenOrder[]>(count));
    for (size_t i = count; i > 0; --i) free_.push_back(&block[i - 1]);
  }
  OpenOrder& open = *free_.back();
  free_.pop_back();
  open.order = order;
  // Ids mostly come in order; those of a restored account may not.
  open.before = account.last;
  while (open.before != nullptr && open.before->order.id > order.id) {
    open.before = open.before->before;
  }
  open.after = open.before != nullptr ? open.before->after : account.first;
  (open.before != nullptr ? open.before->after : account.first) = &open;
  (open.after != nullptr ? open.after->before : account.last) = &open;
  ++account.size;
  ++size_;
  if (size_ * 2 > slots_.size()) Grow();
  Index(order.id.value(), &open);
  return open;
}

void OpenOrders::Remove(OpenOrder& open, OrderList& account) {
  Unindex(open.order.id.value());
  (open.before != nullptr ? open.before->after : account.first) = open.after;
  (open.after != nullptr ? open.after->before : account.last) = open.before;
  --account.size;
  --size_;
  open.order.id = model::OrderId();
  open.reserved = {};
  open.held = {};
  open.line = Line::kNowhere;
  open.trails = false;
  open.before = open.after = nullptr;
  free_.push_back(&open);
}

OpenOrder* OpenOrders::Find(model::OrderId id) const {
  if (slots_.empty() || id.value() == 0) return nullptr;
  const size_t mask = slots_.size() - 1;
  for (size_t i = Home(id.value());; i = (i + 1) & mask) {
    if (slots_[i].id == id.value()) return slots_[i].order;
    if (slots_[i].id == 0) return nullptr;
  }
}

void OpenOrders::Index(uint64_t id, OpenOrder* order) {
  const size_t mask = slots_.size() - 1;
  size_t i = Home(id);
  while (slots_[i].id != 0) i = (i + 1) & mask;
  slots_[i] = {id, order};
}

void OpenOrders::Unindex(uint64_t id) {
  const size_t mask = slots_.size() - 1;
  size_t hole = Home(id);
  while (slots_[hole].id != id) {
    LT_ASSERT(slots_[hole].id != 0, "order {} is not open", id);
    hole = (hole + 1) & mask;
  }
  // Close the gap, so that no search ends in it too early.
  for (size_t i = (hole + 1) & mask; slots_[i].id != 0; i = (i + 1) & mask) {
    const size_t home = Home(slots_[i].id);
    const bool may_move = ((i - home) & mask) >= ((i - hole) & mask);
    if (!may_move) continue;
    slots_[hole] = slots_[i];
    hole = i;
  }
  slots_[hole] = {};
}

void OpenOrders::Grow() {
  const size_t size = slots_.empty() ? 1024 : slots_.size() * 2;
  const std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(size));
  shift_ = 64 - __builtin_ctzll(size / kLine);
  for (const Slot& slot : before) {
    if (slot.id != 0) Index(slot.id, slot.order);
  }
}

}  // namespace livetape::floor
