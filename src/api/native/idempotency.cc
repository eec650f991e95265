#include "api/native/idempotency.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/assert.h"
#include "base/json_text.h"

namespace livetape::api {
namespace {

constexpr size_t kKeyBytesMax = 255;
// Old answers that one Begin forgets, so that none of them pays for a whole day.
constexpr int kForgottenAtOnce = 16;

// One text for (method, path, key, subject): the first three hold no line break.
std::string IdentityOf(std::string_view method, std::string_view path, std::string_view key,
                       std::string_view subject) {
  return fmt::format("{}\n{}\n{}\n{}", method, path, key, subject);
}
std::string IdentityOf(const KeyedRequest& request) {
  return IdentityOf(request.method, request.path, request.key, request.subject);
}

// "3,0,2" to numbers; false for other text.
bool ParseRuns(std::string_view text, std::vector<uint32_t>& runs) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    uint32_t run = 0;
    const auto [rest, code] = std::from_chars(at, end, run);
    if (code != std::errc() || (rest != end && *rest != ',')) return false;
    runs.push_back(run);
    at = rest == end ? end : rest + 1;
  }
  return true;  // none: an answer without ids
}

struct KeyedAnswer {
  std::string identity;
  BodyHash body;
  Receipt receipt;
};

base::Result<KeyedAnswer> DecodeKeyedAnswer(JsonObjectReader& reader, const tape::Record& record) {
  const auto broken = [&](std::string_view what) {
    return base::Fail(
        fmt::format("record {} is no kept answer of a keyed request: {}", record.seq, what));
  };
  const auto object = reader.ReadOne(record.data, "its data");
  if (!object) return broken(object.error().detail);
  const auto text = [&](std::string_view name) {
    const JsonMember* const member = object->Find(name);
    return member == nullptr ? std::string_view() : member->text;
  };
  KeyedAnswer answer;
  answer.identity = IdentityOf(text("method"), text("path"), text("key"), text("subject"));
  const auto hash = BodyHash::Parse(text("body"));
  if (!hash) return broken("its hash is not 32 hexadecimal digits");
  answer.body = *hash;
  answer.receipt.form = text("form") == "id" ? Receipt::Form::kId : Receipt::Form::kIds;
  answer.receipt.epoch = text("epoch");
  if (!ParseRuns(text("runs"), answer.receipt.runs)) return broken("its runs are no numbers");
  const uint64_t records = answer.receipt.records();
  if (records >= record.seq) return broken("it counts more records than there are before it");
  answer.receipt.first_seq = record.seq - records;
  return answer;
}

}  // namespace

base::Result<void> CheckIdempotencyKey(std::string_view key) {
  const bool printable =
      std::all_of(key.begin(), key.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (printable && !key.empty() && key.size() <= kKeyBytesMax) return {};
  return base::Fail(
      fmt::format("must be 1 to {} printable ASCII characters, such as a UUID", kKeyBytesMax));
}

tape::NewRecord KeyedAnswerRecord(const KeyedRequest& request, const Receipt& receipt) {
  std::string data;
  const auto add = [&data](std::string_view name, std::string_view text) {
    data += data.empty() ? "{\"" : ",\"";
    data += name;
    data += "\":";
    base::AppendJsonString(data, text);
  };
  add("method", request.method);
  add("path", request.path);
  add("key", request.key);
  add("subject", request.subject);
  add("body", request.body.ToString());
  add("form", receipt.form == Receipt::Form::kId ? "id" : "ids");
  add("epoch", receipt.epoch);
  add("runs", fmt::format("{}", fmt::join(receipt.runs, ",")));
  data += '}';
  return {.topic = "",
          .type = "keyed_answer",
          .data = std::move(data),
          .kind = tape::RecordKind::kKeyedAnswer};
}

IdempotencyTable::Begun IdempotencyTable::Begin(const KeyedRequest& request, base::WallTime now) {
  std::shared_ptr<const Receipt> receipt;
  {
    const std::lock_guard lock(mutex_);
    for (int i = 0; i < kForgottenAtOnce && !answered_.empty(); ++i) {
      const auto oldest = entries_.find(*answered_.front());
      if (!Expired(oldest->second, now)) break;
      Forget(oldest);
    }
    auto [at, created] = entries_.try_emplace(IdentityOf(request));
    Entry& entry = at->second;
    if (!created && entry.receipt != nullptr && Expired(entry, now)) {
      TakeBack(at);
      created = true;
    }
    if (created) {
      entry.body = request.body;
      return {};
    }
    if (entry.body != request.body) return {.standing = Standing::kOtherBody, .answer = {}};
    if (entry.receipt == nullptr) return {.standing = Standing::kInFlight, .answer = {}};
    receipt = entry.receipt;
  }
  return {.standing = Standing::kAnswered, .answer = receipt->Json()};
}

void IdempotencyTable::Complete(const KeyedRequest& request, Receipt receipt, base::WallTime time) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(IdentityOf(request));
  LT_ASSERT(entry != entries_.end() && entry->second.receipt == nullptr, "key {}", request.key);
  Answer(entry, std::move(receipt), time);
}

void IdempotencyTable::Abandon(const KeyedRequest& request) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(IdentityOf(request));
  LT_ASSERT(entry != entries_.end() && entry->second.receipt == nullptr, "key {}", request.key);
  entries_.erase(entry);
}

base::Result<void> IdempotencyTable::Restore(const tape::Record& record) {
  const std::lock_guard lock(mutex_);
  auto answer = DecodeKeyedAnswer(reader_, record);
  if (!answer) return std::unexpected(std::move(answer.error()));
  // A key that was used again after its life stands on the tape twice: the later one counts.
  const auto before = entries_.find(answer->identity);
  if (before != entries_.end()) Forget(before);
  const auto entry = entries_.try_emplace(std::move(answer->identity)).first;
  entry->second.body = answer->body;
  Answer(entry, std::move(answer->receipt), record.time);
  return {};
}

size_t IdempotencyTable::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

void IdempotencyTable::Answer(Entries::iterator entry, Receipt receipt, base::WallTime time) {
  receipt.runs.shrink_to_fit();
  bytes_ += entry->first.size() + receipt.bytes();
  entry->second.receipt = std::make_shared<const Receipt>(std::move(receipt));
  entry->second.time = time;
  entry->second.place = answered_.insert(answered_.end(), &entry->first);
  while (answered_.size() > limits_.keys_max || bytes_ > limits_.bytes_max) {
    Forget(entries_.find(*answered_.front()));
  }
}

void IdempotencyTable::Forget(Entries::iterator entry) {
  if (entry->second.receipt != nullptr) TakeBack(entry);
  entries_.erase(entry);
}

void IdempotencyTable::TakeBack(Entries::iterator entry) {
  bytes_ -= entry->first.size() + entry->second.receipt->bytes();
  answered_.erase(entry->second.place);
  entry->second.receipt = nullptr;
}

bool IdempotencyTable::Expired(const Entry& entry, base::WallTime now) const {
  return now - entry.time >= limits_.life;
}

}  // namespace livetape::api
