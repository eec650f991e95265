#include "floor/client_order_index.h"

#include <array>
#include <cstring>
#include <utility>

#include "base/assert.h"
#include "base/random.h"

namespace livetape::floor {
namespace {

constexpr size_t kFirstSlots = 2;
constexpr size_t kPageSlots = 1024;  // 24 KiB
// Keyed hashes do not share that many bits before memory ends.
constexpr unsigned kDepthMax = 31;

}  // namespace

ClientOrderIndex::ClientOrderIndex(uint64_t seed)
    : key_low_(seed),
      key_high_(base::Random(seed).Next()),
      directory_{0},
      pages_(1),
      slots_(kFirstSlots) {
  pages_[0].slots.resize(kFirstSlots);
}

model::OrderId ClientOrderIndex::Find(model::AccountId account,
                                      const model::ClientOrderId& name) const {
  const Hash128 hash = HashOf(account, name);
  const Page& page = pages_[PageOf(hash)];
  return page.slots[SlotOf(page, hash)].order;
}

void ClientOrderIndex::Add(model::AccountId account, const model::ClientOrderId& name,
                           model::OrderId order) {
  LT_ASSERT(order.value() != 0);
  const Hash128 hash = HashOf(account, name);
  size_t number = PageOf(hash);
  while (Full(pages_[number])) {
    if (pages_[number].slots.size() < kPageSlots) {
      Double(pages_[number]);
    } else {
      Split(number, hash.low);
      number = PageOf(hash);
    }
  }
  Put(pages_[number], {.hash = hash, .order = order});
  ++size_;
}

size_t ClientOrderIndex::bytes() const {
  return slots_ * sizeof(Entry) + (pages_.size() - 1) * sizeof(Page) +
         directory_.size() * sizeof directory_[0];
}

Hash128 ClientOrderIndex::HashOf(model::AccountId account, const model::ClientOrderId& name) const {
  std::array<char, sizeof(uint32_t) + sizeof name.text> bytes;
  const uint32_t number = account.value();
  std::memcpy(bytes.data(), &number, sizeof number);
  std::memcpy(bytes.data() + sizeof number, name.text.data(), name.size);
  return SipHash128(key_low_, key_high_, {bytes.data(), sizeof number + name.size});
}

size_t ClientOrderIndex::PageOf(const Hash128& hash) const {
  return directory_[hash.low & (directory_.size() - 1)];
}

size_t ClientOrderIndex::SlotOf(const Page& page, const Hash128& hash) {
  const size_t mask = page.slots.size() - 1;
  size_t slot = hash.high & mask;
  while (page.slots[slot].order.value() != 0 && !(page.slots[slot].hash == hash)) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

void ClientOrderIndex::Put(Page& page, const Entry& entry) {
  Entry& slot = page.slots[SlotOf(page, entry.hash)];
  LT_ASSERT(slot.order.value() == 0, "the name of order {} is taken by {}", entry.order.value(),
            slot.order.value());
  slot = entry;
  ++page.used;
}

void ClientOrderIndex::Double(Page& page) {
  Page larger{.slots = std::vector<Entry>(page.slots.size() * 2), .used = 0, .depth = page.depth};
  for (const Entry& entry : page.slots) {
    if (entry.order.value() != 0) Put(larger, entry);
  }
  slots_ += page.slots.size();
  page = std::move(larger);
}

void ClientOrderIndex::Split(size_t number, uint64_t bits) {
  const unsigned depth = pages_[number].depth;
  LT_ASSERT(depth < kDepthMax, "{} names", size_);
  const uint64_t bit = uint64_t{1} << depth;  // tells the two apart
  if (bit == directory_.size()) {
    directory_.reserve(2 * directory_.size());
    directory_.insert(directory_.end(), directory_.begin(), directory_.end());
  }
  const auto twin = static_cast<uint32_t>(pages_.size());
  pages_.emplace_back();
  slots_ += kPageSlots;
  Page old = std::exchange(pages_[number], {});
  for (Page* page : {&pages_[number], &pages_[twin]}) {
    page->slots.resize(kPageSlots);
    page->depth = depth + 1;
  }
  for (const Entry& entry : old.slots) {
    if (entry.order.value() == 0) continue;
    Put(pages_[(entry.hash.low & bit) != 0 ? twin : number], entry);
  }
  for (size_t i = (bits & (bit - 1)) | bit; i < directory_.size(); i += 2 * bit) {
    directory_[i] = twin;
  }
}

}  // namespace livetape::floor
