#pragma once

// IdempotencyTable: which keyed requests have been answered, so that a retry gets the first answer
// and does nothing twice (API section 6). Thread-safe: loops begin requests, the tape's thread
// completes them.
//
// The answer of a keyed request is committed with its records, as one more record at their end, so
// that after a crash the table knows exactly what the tape knows.
//
// Invariants: (1) a key is in `answered_` exactly if its request has been answered, in order of
// the answers; (2) at most `keys_max` are answered, and these and their answers have `bytes_` bytes, at
// most `bytes_max`; those in flight are as many as requests under way.

#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "api/body/json_objects.h"
#include "api/native/body_hash.h"
#include "api/native/receipt.h"
#include "base/clock.h"
#include "base/keyed_hash.h"
#include "base/result.h"
#include "tape/record.h"

namespace livetape::api {

// 1 to 255 printable ASCII characters. The error reads behind the name of the header.
base::Result<void> CheckIdempotencyKey(std::string_view key);

struct KeyedRequest {
  std::string subject;  // who asks, as the token or the address says; no secret
  std::string method, path;
  std::string key;
  BodyHash body;
};

// The record that goes at the end of the request's records. `receipt` has no number yet.
tape::NewRecord KeyedAnswerRecord(const KeyedRequest& request, const Receipt& receipt);

class IdempotencyTable {
 public:
  // Of an answer, from its commit.
  static constexpr std::chrono::hours kLife{24};
  // Beyond it the oldest answer is forgotten.
  static constexpr size_t kKeysMax = 1'000'000;
  static constexpr size_t kBytesMax = size_t{256} << 20;

  struct Limits {
    size_t keys_max = kKeysMax;
    size_t bytes_max = kBytesMax;
    std::chrono::hours life = kLife;
  };
  enum class Standing { kNew, kInFlight, kAnswered, kOtherBody };
  struct Begun {
    Standing standing = Standing::kNew;
    std::string answer;  // kAnswered: the body of the first answer
  };

  IdempotencyTable() : IdempotencyTable(Limits{}) {}
  explicit IdempotencyTable(Limits limits) : limits_(limits) {}

  // kNew: the request is in flight until Complete or Abandon is called for it.
  Begun Begin(const KeyedRequest& request, base::WallTime now);
  void Complete(const KeyedRequest& request, Receipt receipt, base::WallTime time);
  // Nothing of it was kept: a retry is new.
  void Abandon(const KeyedRequest& request);

  // Takes over a kept KeyedAnswerRecord, oldest first, before the first Begin. An error when it is
  // none: the table is as before.
  base::Result<void> Restore(const tape::Record& record);

  size_t size() const;

 private:
  using Order = std::list<const std::string*>;
  struct Entry {
    BodyHash body;
    std::shared_ptr<const Receipt> receipt;  // null: in flight
    base::WallTime time;
    Order::iterator place;  // in answered_, when there is a receipt
  };
  using Entries = std::unordered_map<std::string, Entry, base::KeyedTextHash>;

  void Answer(Entries::iterator entry, Receipt receipt, base::WallTime time);
  void Forget(Entries::iterator entry);
  void TakeBack(Entries::iterator entry);
  bool Expired(const Entry& entry, base::WallTime now) const;

  const Limits limits_;
  mutable std::mutex mutex_;
  Entries entries_;
  Order answered_;  // oldest first
  size_t bytes_ = 0;
  JsonObjectReader reader_;
};

}  // namespace livetape::api
