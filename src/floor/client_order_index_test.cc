#include "floor/client_order_index.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "base/random.h"
#include "floor/sip_hash.h"

namespace livetape::floor {
namespace {

using model::AccountId;
using model::ClientOrderId;
using model::OrderId;

ClientOrderId Name(uint64_t number) { return *ClientOrderId::From(fmt::format("name-{}", number)); }

TEST(ClientOrderIndex, FindsNothingWhenEmpty) {
  const ClientOrderIndex index(1);
  EXPECT_EQ(index.Find(AccountId(0), Name(1)), OrderId());
  EXPECT_EQ(index.size(), 0U);
}

TEST(ClientOrderIndex, NamesBelongToTheirAccount) {
  ClientOrderIndex index(1);
  index.Add(AccountId(0), Name(1), OrderId(10));
  index.Add(AccountId(1), Name(1), OrderId(11));
  EXPECT_EQ(index.Find(AccountId(0), Name(1)), OrderId(10));
  EXPECT_EQ(index.Find(AccountId(1), Name(1)), OrderId(11));
  EXPECT_EQ(index.Find(AccountId(2), Name(1)), OrderId());
}

TEST(ClientOrderIndex, TellsNamesApartByEveryByte) {
  ClientOrderIndex index(1);
  const std::string longest(128, 'a');
  std::string other = longest;
  other.back() = 'b';
  index.Add(AccountId(0), *ClientOrderId::From(longest), OrderId(1));
  EXPECT_EQ(index.Find(AccountId(0), *ClientOrderId::From(other)), OrderId());
  EXPECT_EQ(index.Find(AccountId(0), *ClientOrderId::From(longest.substr(1))), OrderId());
  EXPECT_EQ(index.Find(AccountId(0), *ClientOrderId::From(longest)), OrderId(1));
}

TEST(ClientOrderIndex, BytesBehindTheNameDoNotCount) {
  ClientOrderIndex index(1);
  ClientOrderId name = Name(1);
  index.Add(AccountId(0), name, OrderId(1));
  name.text.back() = 'x';
  EXPECT_EQ(index.Find(AccountId(0), name), OrderId(1));
}

// Names that crowd into one corner of the directory, and then all others: pages of very different
// depth split beside each other.
TEST(ClientOrderIndex, KeepsNamesThatCrowdInOneCorner) {
  constexpr uint64_t kSeed = 7, kNames = 100'000;
  const uint64_t key_high = base::Random(kSeed).Next();
  const auto corner = [&](uint64_t i) {
    const std::string hashed = std::string(4, '\0') + std::string(Name(i).view());
    return SipHash128(kSeed, key_high, hashed).low % 32 == 5;
  };
  ClientOrderIndex index(kSeed);
  for (const bool first : {true, false}) {
    for (uint64_t i = 0; i < kNames; ++i) {
      if (corner(i) == first) index.Add(AccountId(0), Name(i), OrderId(i + 1));
    }
  }
  EXPECT_EQ(index.size(), kNames);
  uint64_t lost = 0;
  for (uint64_t i = 0; i < kNames; ++i) {
    if (index.Find(AccountId(0), Name(i)) != OrderId(i + 1)) ++lost;
  }
  EXPECT_EQ(lost, 0U);
}

TEST(ClientOrderIndex, KeepsAMillionNamesInSixtyFourBytesEach) {
  constexpr uint64_t kNames = 1'000'000;
  const auto account = [](uint64_t i) { return AccountId(static_cast<uint32_t>(i % 3)); };
  ClientOrderIndex index(7);
  uint64_t sizes_beyond = 0;  // counted, since a check of its own for each is slow
  for (uint64_t i = 0; i < kNames; ++i) {
    index.Add(account(i), Name(i), OrderId(i + 1));
    if (index.bytes() > 64 * index.size()) ++sizes_beyond;
  }
  EXPECT_EQ(sizes_beyond, 0U);
  EXPECT_EQ(index.size(), kNames);
  uint64_t lost = 0, invented = 0;
  for (uint64_t i = 0; i < kNames; ++i) {
    if (index.Find(account(i), Name(i)) != OrderId(i + 1)) ++lost;
  }
  for (uint64_t i = 0; i < kNames; i += 10) {
    if (index.Find(account(i + 1), Name(i)) != OrderId()) ++invented;
  }
  EXPECT_EQ(lost, 0U);
  EXPECT_EQ(invented, 0U);
}

}  // namespace
}  // namespace livetape::floor
