#include "api/native/idempotency.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/random.h"

namespace livetape::api {
namespace {

using Standing = IdempotencyTable::Standing;
using std::chrono::hours;

Receipt Ids(std::string_view shape, uint64_t first_seq = 0) {
  Receipt receipt;
  receipt.epoch = "3f9c";
  receipt.first_seq = first_seq;
  for (const char c : shape) receipt.Add(c == 'r');
  return receipt;
}

TEST(Receipt, WritesIdsAndNullsInOrder) {
  EXPECT_EQ(Ids("rrsr", 7).Json(), R"({"ids":["3f9c-7","3f9c-8",null,"3f9c-9"]})");
  EXPECT_EQ(Ids("ssr", 7).Json(), R"({"ids":[null,null,"3f9c-7"]})");
  EXPECT_EQ(Ids("", 7).Json(), R"({"ids":[]})");
  EXPECT_EQ(Ids("rrsr").records(), 3U);
  EXPECT_EQ(Ids(std::string(10'000, 'r')).runs.size(), 1U);

  Receipt one = Ids("r", 12);
  one.form = Receipt::Form::kId;
  EXPECT_EQ(one.Json(), R"({"id":"3f9c-12"})");
  Receipt none = Ids("s");
  none.form = Receipt::Form::kId;
  EXPECT_EQ(none.Json(), R"({"id":null})");
}

TEST(BodyHash, TellsBodiesApart) {
  std::set<std::string> seen;
  std::string body;
  for (int length = 0; length < 70; ++length) {
    for (int byte = 0; byte < length; ++byte) {
      std::string changed = body;
      changed[static_cast<size_t>(byte)] = 'y';
      EXPECT_TRUE(seen.insert(HashBody(changed).ToString()).second) << length << " " << byte;
    }
    EXPECT_TRUE(seen.insert(HashBody(body).ToString()).second) << length;
    body += 'x';
  }
  EXPECT_EQ(HashBody("abc"), HashBody("abc"));
  const BodyHash hash = HashBody("abc");
  EXPECT_EQ(BodyHash::Parse(hash.ToString()), hash);
  EXPECT_EQ(BodyHash::Parse(std::string(32, 'g')), std::nullopt);
  EXPECT_EQ(BodyHash::Parse("12"), std::nullopt);
}

TEST(IdempotencyKey, IsPrintableAscii) {
  EXPECT_TRUE(CheckIdempotencyKey("a 1~"));
  EXPECT_TRUE(CheckIdempotencyKey(std::string(255, 'k')));
  for (const std::string& key : {std::string(), std::string(256, 'k'), std::string("a\n"),
                                 std::string("\xc3\xa9"), std::string("a\0", 2)}) {
    EXPECT_FALSE(CheckIdempotencyKey(key)) << key;
  }
}

class IdempotencyTableTest : public testing::Test {
 protected:
  static KeyedRequest Request(std::string key, std::string_view body = "{}",
                              std::string subject = "alice") {
    return {.subject = std::move(subject),
            .method = "POST",
            .path = "/api/v1/publish",
            .key = std::move(key),
            .body = HashBody(body)};
  }
  Standing Begin(const KeyedRequest& request) {
    const auto begun = table_.Begin(request, now_);
    answer_ = begun.answer;
    return begun.standing;
  }
  void Complete(const KeyedRequest& request, uint64_t seq) {
    table_.Complete(request, Ids("r", seq), now_);
  }
  // The record as the tape gives it back after a restart.
  tape::Record Kept(const KeyedRequest& request, std::string_view shape, uint64_t seq) const {
    const tape::NewRecord record = KeyedAnswerRecord(request, Ids(shape));
    return {.seq = seq,
            .time = now_,
            .kind = record.kind,
            .topic = record.topic,
            .type = record.type,
            .data = record.data};
  }

  IdempotencyTable table_{{.keys_max = 3, .life = hours(24)}};
  base::WallTime now_{hours(1000)};
  std::string answer_;
};

TEST_F(IdempotencyTableTest, ARetryGetsTheFirstAnswer) {
  const KeyedRequest request = Request("k");
  EXPECT_EQ(Begin(request), Standing::kNew);
  EXPECT_EQ(Begin(request), Standing::kInFlight);
  Complete(request, 7);
  EXPECT_EQ(Begin(request), Standing::kAnswered);
  EXPECT_EQ(answer_, R"({"ids":["3f9c-7"]})");
}

TEST_F(IdempotencyTableTest, AnotherBodyIsRefusedInFlightAndAfter) {
  EXPECT_EQ(Begin(Request("k")), Standing::kNew);
  EXPECT_EQ(Begin(Request("k", "{} ")), Standing::kOtherBody);
  Complete(Request("k"), 7);
  EXPECT_EQ(Begin(Request("k", "{} ")), Standing::kOtherBody);
}

TEST_F(IdempotencyTableTest, KeysOfOthersAndOfOtherPathsAreOtherKeys) {
  EXPECT_EQ(Begin(Request("k")), Standing::kNew);
  EXPECT_EQ(Begin(Request("k", "{}", "bob")), Standing::kNew);
  KeyedRequest request = Request("k");
  request.path = "/api/v1/events";
  EXPECT_EQ(Begin(request), Standing::kNew);
  request = Request("k");
  request.method = "PUT";
  EXPECT_EQ(Begin(request), Standing::kNew);
}

TEST_F(IdempotencyTableTest, WhatFailedMayBeTriedAgain) {
  EXPECT_EQ(Begin(Request("k")), Standing::kNew);
  table_.Abandon(Request("k"));
  EXPECT_EQ(Begin(Request("k", "other")), Standing::kNew);
}

TEST_F(IdempotencyTableTest, AnswersLiveForADay) {
  EXPECT_EQ(Begin(Request("k")), Standing::kNew);
  Complete(Request("k"), 7);
  now_ += hours(24) - std::chrono::nanoseconds(1);
  EXPECT_EQ(Begin(Request("k")), Standing::kAnswered);
  now_ += std::chrono::nanoseconds(1);
  EXPECT_EQ(Begin(Request("k", "other")), Standing::kNew);
  Complete(Request("k", "other"), 8);
  EXPECT_EQ(Begin(Request("k", "other")), Standing::kAnswered);
  EXPECT_EQ(answer_, R"({"ids":["3f9c-8"]})");
  now_ += hours(24);
  EXPECT_EQ(Begin(Request("x")), Standing::kNew);
  EXPECT_EQ(table_.size(), 1U);
}

TEST_F(IdempotencyTableTest, TheOldestAnswerIsForgottenAtTheLimit) {
  for (const auto* key : {"a", "b", "c", "d"}) {
    EXPECT_EQ(Begin(Request(key)), Standing::kNew);
    Complete(Request(key), 1);
  }
  EXPECT_EQ(table_.size(), 3U);
  EXPECT_EQ(Begin(Request("b")), Standing::kAnswered);
  EXPECT_EQ(Begin(Request("a")), Standing::kNew);
}

TEST_F(IdempotencyTableTest, AnswersSurviveARestart) {
  const KeyedRequest request = Request("k\"1", "body", "al\nice");
  ASSERT_TRUE(table_.Restore(Kept(request, "srrs", 103)));
  EXPECT_EQ(Begin(request), Standing::kAnswered);
  EXPECT_EQ(answer_, R"({"ids":[null,"3f9c-101","3f9c-102",null]})");
  KeyedRequest other = request;
  other.body = HashBody("other");
  EXPECT_EQ(Begin(other), Standing::kOtherBody);

  now_ += hours(24);
  ASSERT_TRUE(table_.Restore(Kept(request, "r", 201)));
  EXPECT_EQ(Begin(request), Standing::kAnswered);
  EXPECT_EQ(answer_, R"({"ids":["3f9c-200"]})");
  EXPECT_EQ(table_.size(), 1U);
}

TEST_F(IdempotencyTableTest, ABrokenRecordIsAnErrorAndChangesNothing) {
  const tape::Record good = Kept(Request("k"), "rr", 5);
  for (const auto& [from, to] :
       std::map<std::string, std::string>{{"{", "["},
                                          {"\"body\":\"", "\"body\":\"z"},
                                          {"\"runs\":\"2\"", "\"runs\":\"2;1\""},
                                          {"\"2\"", "\"5\""}}) {
    tape::Record broken = good;
    broken.data.replace(broken.data.find(from), from.size(), to);
    const auto restored = table_.Restore(broken);
    ASSERT_FALSE(restored) << broken.data;
    EXPECT_TRUE(restored.error().message.starts_with("record 5 is no kept answer")) << to;
  }
  EXPECT_EQ(table_.size(), 0U);
  EXPECT_TRUE(table_.Restore(good));
}

// Random requests against a model that keeps everything in one list.
TEST(IdempotencyTableBytes, TheOldestAnswersAreForgottenAtTheLimit) {
  IdempotencyTable table({.bytes_max = 100'000});
  const base::WallTime now{hours(1000)};
  const auto request = [](int n) {
    return KeyedRequest{.subject = "alice",
                        .method = "POST",
                        .path = "/api/v1/publish",
                        .key = std::to_string(n),
                        .body = HashBody("{}")};
  };
  std::string turns;
  for (int i = 0; i < 5000; ++i) turns += "rs";  // 40 KB
  for (int n = 0; n < 10; ++n) {
    ASSERT_EQ(table.Begin(request(n), now).standing, Standing::kNew);
    table.Complete(request(n), Ids(turns, 7), now);
  }
  EXPECT_EQ(table.size(), 2U);
  EXPECT_EQ(table.Begin(request(9), now).standing, Standing::kAnswered);
  for (int n = 100; n < 200; ++n) {
    ASSERT_EQ(table.Begin(request(n), now).standing, Standing::kNew);
    table.Complete(request(n), Ids("r", 7), now);
  }
  EXPECT_EQ(table.size(), 102U) << "small ones leave room";
}

TEST(IdempotencyTableModel, Agrees) {
  constexpr uint64_t kSeed = 7;
  struct Known {
    uint64_t body = 0, seq = 0;  // seq 0: in flight
    base::WallTime time;
  };
  base::Random random(kSeed);
  IdempotencyTable table({.keys_max = 20, .life = hours(24)});
  std::map<std::string, Known> model;
  base::WallTime now{hours(1000)};
  for (uint64_t step = 1; step < 20'000; ++step) {
    now += std::chrono::minutes(random.Below(30));
    const std::string key = std::to_string(random.Below(30));
    const uint64_t body = random.Below(2);
    const KeyedRequest request{.subject = "s",
                               .method = "POST",
                               .path = "/p",
                               .key = key,
                               .body = HashBody(std::to_string(body))};
    std::erase_if(model, [now](const auto& known) {
      return known.second.seq != 0 && now - known.second.time >= hours(24);
    });
    const auto begun = table.Begin(request, now);
    const auto known = model.find(key);
    Standing expected = Standing::kNew;
    if (known != model.end()) {
      expected = known->second.body != body ? Standing::kOtherBody
                 : known->second.seq == 0   ? Standing::kInFlight
                                            : Standing::kAnswered;
    }
    ASSERT_EQ(begun.standing, expected) << "seed " << kSeed << " step " << step;
    if (expected == Standing::kAnswered) {
      ASSERT_EQ(begun.answer, Ids("r", known->second.seq).Json());
    } else if (expected == Standing::kNew) {
      model[key] = {.body = body, .seq = 0, .time = now};
    }
    if (expected == Standing::kNew && random.Below(4) != 0) {
      table.Complete(request, Ids("r", step), now);
      model[key] = {.body = body, .seq = step, .time = now};
    } else if (expected == Standing::kInFlight) {
      table.Abandon(request);
      model.erase(key);
    }
    size_t answered = 0;
    auto oldest = model.end();
    for (auto at = model.begin(); at != model.end(); ++at) {
      if (at->second.seq == 0) continue;
      ++answered;
      if (oldest == model.end() || at->second.seq < oldest->second.seq) oldest = at;
    }
    if (answered > 20) model.erase(oldest);
  }
}

}  // namespace
}  // namespace livetape::api
