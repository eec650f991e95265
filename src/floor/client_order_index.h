#pragma once

// ClientOrderIndex: which order goes by a client's name, for ever. At most 64 bytes an order,
// however long the names are: it keeps 128-bit hashes of (account, name). Owned by the TradingFloor.
//
// Extendible hashing: the hash's lowest bits choose a page of the directory, its other half the slot
// in the page, from where on the next free one is taken. A page that is four fifths full is split
// in two, so that no Add moves more than a thousand names; only the first page grows by doubling
// before. (Fagin et al., "Extendible hashing", 1979.)
//
// Invariants:
//  1. A page of depth d stands in the directory at every index that ends in its d bits.
//  2. No page is more than four fifths full: there is always a free slot at which a search ends.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "floor/sip_hash.h"
#include "model/order.h"

namespace livetape::floor {

class ClientOrderIndex {
 public:
  // `seed` keys the hash, so that nobody can make names that collide.
  explicit ClientOrderIndex(uint64_t seed);

  // The order of that name, else 0.
  model::OrderId Find(model::AccountId account, const model::ClientOrderId& name) const;
  // The name is new.
  void Add(model::AccountId account, const model::ClientOrderId& name, model::OrderId order);
  size_t size() const { return size_; }
  // Of the table, free slots and directory with it, but for the head of the first page, which an
  // empty index has too.
  size_t bytes() const;

 private:
  struct Entry {
    Hash128 hash;
    model::OrderId order;  // 0: free
  };
  struct Page {
    std::vector<Entry> slots;  // a power of two
    size_t used = 0;
    unsigned depth = 0;  // bits of the hash that all its entries share
  };

  Hash128 HashOf(model::AccountId account, const model::ClientOrderId& name) const;
  size_t PageOf(const Hash128& hash) const;
  // Of the hash in the page, or where it would be put.
  static size_t SlotOf(const Page& page, const Hash128& hash);
  static bool Full(const Page& page) { return (page.used + 1) * 5 > page.slots.size() * 4; }
  static void Put(Page& page, const Entry& entry);
  void Double(Page& page);
  // Page `number`, which a hash with these lowest bits belongs to.
  void Split(size_t number, uint64_t bits);

  const uint64_t key_low_, key_high_;
  std::vector<uint32_t> directory_;  // numbers of pages; 2^depth of the deepest
  std::vector<Page> pages_;
  size_t size_ = 0;
  size_t slots_ = 0;  // of all pages
};

}  // namespace livetape::floor
