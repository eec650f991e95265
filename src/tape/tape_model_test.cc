// Random publishing, retention, crashes, failures, fetching and reopening against a list of texts.

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "tape/testing.h"

namespace livetape::tape {
namespace {

class TapeModel : public TapeFixture {
 protected:
  struct Expected {
    std::string topic, data;
  };

  std::vector<NewRecord> Some(base::Random& random) {
    std::vector<NewRecord> records;
    const uint64_t most = random.Below(10) == 0 ? 200 : 6;
    for (uint64_t i = random.Below(most); i > 0; --i) {
      records.push_back(Message(std::to_string(random.Next()) + std::string(random.Below(400), '-'),
                                "t/" + std::to_string(random.Below(5))));
    }
    return records;
  }

  void PublishSome(base::Random& random) {
    const bool fails = random.Below(8) == 0, for_long = fails && random.Below(2) == 0;
    if (fails) random.Below(2) == 0 ? disk_.SetFull(true) : disk_.FailSyncs(1000);
    std::vector<std::pair<std::shared_ptr<Outcome>, std::vector<NewRecord>>> submitted;
    for (uint64_t i = random.Below(5); i > 0; --i) {
      auto records = Some(random);
      submitted.emplace_back(Submit(records), records);
    }
    Work();
    for (int i = 0; for_long && i < 6; ++i) Wait(std::chrono::milliseconds(600));
    disk_.SetFull(false);
    disk_.FailSyncs(0);
    for (int i = 0; !tape_->committing() && i < 5; ++i) Wait(std::chrono::seconds(1));
    ASSERT_TRUE(tape_->committing());
    for (auto& [outcome, records] : submitted) {
      ASSERT_FALSE(outcome->waits());
      if (outcome->refused) continue;
      ASSERT_EQ(*outcome->first_seq, model_.size() + 1);
      for (auto& record : records) model_.push_back({record.topic, record.data});
    }
  }

  void Compare(const std::vector<RecordRef>& records, uint64_t after, const std::string& topic) {
    size_t at = 0;
    for (uint64_t seq = after + 1; seq <= model_.size(); ++seq) {
      if (!topic.empty() && model_[seq - 1].topic != topic) continue;
      ASSERT_LT(at, records.size());
      ASSERT_EQ(records[at]->seq, seq);
      ASSERT_EQ(records[at]->data, model_[seq - 1].data);
      ASSERT_EQ(records[at]->topic, model_[seq - 1].topic);
      ++at;
    }
    ASSERT_EQ(at, records.size());
  }

  // From a random place, all or one topic, in random steps, as a stream that resumes does.
  void FetchSome(base::Random& random) {
    tape_->Start();
    const std::string topic = random.Below(2) == 0 ? "" : "t/" + std::to_string(random.Below(5));
    const uint64_t asked = random.Below(model_.size() + 1);
    uint64_t after = asked;
    std::vector<RecordRef> records;
    for (bool first = true; after < tape_->head(); first = false) {
      Tape::Fetch fetch{.after = after,
                        .bytes_max = random.Below(20'000),
                        .matches = nullptr,
                        .may_match = nullptr,
                        .done = nullptr};
      if (!topic.empty()) {
        fetch.matches = [&](std::string_view of, std::string_view) { return of == topic; };
        fetch.may_match = [&](const TopicSummary& in) { return in.MayBeginWith(topic); };
      }
      auto fetched = FetchFrom(std::move(fetch));
      ASSERT_GT(fetched.through, after);
      ASSERT_EQ(fetched.gone, after + 1 < tape_->oldest());
      ASSERT_TRUE(first || !fetched.gone);
      after = fetched.through;
      records.insert(records.end(), fetched.records.begin(), fetched.records.end());
    }
    Compare(records, std::max(asked, tape_->oldest() - 1), topic);
    Reopen();
  }

  void CheckAll() {
    ASSERT_EQ(tape_->head(), model_.size());
    ASSERT_LE(tape_->oldest(), tape_->ring().oldest());
    ASSERT_GE(model_.size() - tape_->oldest() + 1, std::min<size_t>(500, model_.size()));
    std::vector<RecordRef> records;
    const uint64_t from = tape_->ring().oldest() - 1;
    ASSERT_TRUE(tape_->ring().Read(from, model_.size() + 1, records));
    Compare(records, from, "");
  }

  std::vector<Expected> model_;  // of seq: seq - 1
};

TEST_F(TapeModel, KeepsWhatItAcknowledgedAndNothingElse) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    base::Random random(seed);
    model_.clear();
    options_.folder = folder_.path() / ("model-" + std::to_string(seed));
    options_.ring_records = 40 + random.Below(200);
    options_.keep_records = 500;
    Open();
    for (int step = 0; step < 60 && !HasFatalFailure(); ++step) {
      switch (random.Below(10)) {
        case 0:
          Crash();
          break;
        case 1:
          Reopen();
          break;
        case 2:
          FetchSome(random);
          break;
        case 3:
          Wait(std::chrono::seconds(2));
          break;
        default:
          PublishSome(random);
      }
      if (!HasFatalFailure()) CheckAll();
    }
    ASSERT_FALSE(HasFatalFailure());
  }
}

}  // namespace
}  // namespace livetape::tape
