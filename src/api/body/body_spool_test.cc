#include "api/body/body_spool.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <fstream>
#include <iterator>

#include "base/temporary_folder.h"

namespace livetape::api {
namespace {

namespace fs = std::filesystem;

// Takes answers, and runs the loop's work when it is called.
class Loop final : public http::Responder::Taker,
                   public http::BodyFlow::Source,
                   public std::enable_shared_from_this<Loop> {
 public:
  void TakeAnswer(uint64_t, http::Responder::Answer answer) override {
    answers.push_back(std::get<http::Response>(std::move(answer)));
  }
  void ResumeBody(uint64_t) override { ++resumed; }

  void Call(std::function<void()> work) {
    const std::scoped_lock lock(mutex_);
    work_.push_back(std::move(work));
    changed_.notify_all();
  }
  // Until `done`.
  template <typename Done>
  void RunUntil(Done done) {
    while (!done()) {
      std::unique_lock lock(mutex_);
      ASSERT_TRUE(
          changed_.wait_for(lock, std::chrono::seconds(20), [this] { return !work_.empty(); }));
      auto work = std::exchange(work_, {});
      lock.unlock();
      for (auto& one : work) one();
    }
  }

  std::vector<http::Response> answers;
  int resumed = 0;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::function<void()>> work_;
};

class BodySpoolTest : public testing::Test {
 protected:
  void Open(uint64_t bytes_max = 0) {
    fs::create_directories(kept_);
    auto opened = BodySpool::Open(place_, bytes_max, {&mailbox_});
    ASSERT_TRUE(opened) << opened.error().message;
    spool_ = *std::move(opened);
  }
  static http::Request Head(const std::string& content_type = "text/csv") {
    http::Request head;
    head.method = "POST";
    head.headers.Add("Content-Type", content_type);
    return head;
  }
  auto Begin(const http::Request& head) {
    return spool_->Into(
        {.place = [this] { return kept_ / std::to_string(taken_.size()); },
         .refuse = [](const http::Request& request) -> std::optional<http::Response> {
           if (request.query.Find("refuse")) return http::Problem(403, "not you");
           return std::nullopt;
         },
         .take =
             [this](const http::Request&, size_t, SpooledBody body,
                    const http::Responder& responder) {
               taken_.push_back(std::move(body));
               responder.Send(http::Problem(202, "taken"));
             }})(head, 0);
  }
  auto Put(http::BodySink& sink, std::string_view bytes) {
    return sink.Put(bytes, http::BodyFlow(loop_, 0));
  }
  // The answer to the whole body.
  http::Response Finish(std::unique_ptr<http::BodySink> sink) {
    auto reply = sink->Finish();
    sink.reset();
    if (auto* const response = std::get_if<http::Response>(&reply)) return *response;
    std::get<http::DeferredReply>(reply).begin(http::Responder(loop_, 0));
    const size_t before = loop_->answers.size();
    loop_->RunUntil([&] { return loop_->answers.size() > before; });
    return loop_->answers.back();
  }
  size_t Files() const {
    size_t files = 0;
    for (const fs::path& each : {place_, kept_}) {
      files += static_cast<size_t>(std::distance(fs::directory_iterator(each), {}));
    }
    return files;
  }
  static std::string TextOf(const SpooledBody& body) {
    std::ifstream file(body.path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  const base::TemporaryFolder folder_;
  const fs::path place_ = folder_.path() / "spool";
  const fs::path kept_ = folder_.path() / "kept";
  const std::shared_ptr<Loop> loop_ = std::make_shared<Loop>();
  Mailbox mailbox_{[this](std::function<void()> work) { loop_->Call(std::move(work)); }};
  std::unique_ptr<BodySpool> spool_;
  std::vector<SpooledBody> taken_;
};

TEST_F(BodySpoolTest, GivesTheBodyAsAFileThatGoesWithIt) {
  Open();
  auto sink = Begin(Head());
  ASSERT_TRUE(sink);
  EXPECT_TRUE(Put(**sink, "date,price\n"));
  EXPECT_TRUE(Put(**sink, "2004-08-19,100\n"));
  EXPECT_EQ(Finish(*std::move(sink)).status, 202u);
  ASSERT_EQ(taken_.size(), 1u);
  EXPECT_EQ(TextOf(taken_[0]), "date,price\n2004-08-19,100\n");
  EXPECT_EQ(taken_[0].bytes(), 26u);
  EXPECT_EQ(taken_[0].file_name(), "");
  taken_.clear();
  EXPECT_EQ(Files(), 0u);
}

TEST_F(BodySpoolTest, WhereItIsWantedItStays) {
  Open();
  auto sink = Begin(Head());
  EXPECT_TRUE(Put(**sink, "one"));
  EXPECT_EQ(Finish(*std::move(sink)).status, 202u);
  EXPECT_EQ(taken_.at(0).path(), kept_ / "0");
  taken_[0].Keep();
  taken_.clear();
  EXPECT_EQ(fs::file_size(kept_ / "0"), 3u);
  EXPECT_EQ(Files(), 1u);
}

TEST_F(BodySpoolTest, OneThatCannotBePutThereIsTold) {
  Open();
  auto sink = Begin(Head());
  EXPECT_TRUE(Put(**sink, "one"));
  fs::remove(kept_);
  EXPECT_EQ(Finish(*std::move(sink)).status, 500u);
  EXPECT_TRUE(taken_.empty());
  fs::create_directories(kept_);
  EXPECT_EQ(Files(), 0u);
}

TEST_F(BodySpoolTest, OfNoBytesIsAFileToo) {
  Open();
  auto sink = Begin(Head());
  EXPECT_EQ(Finish(*std::move(sink)).status, 202u);
  EXPECT_EQ(taken_.at(0).bytes(), 0u);
  EXPECT_TRUE(fs::exists(taken_[0].path()));
}

TEST_F(BodySpoolTest, TakesTheFileOutOfAForm) {
  Open();
  auto sink = Begin(Head("multipart/form-data; boundary=X"));
  ASSERT_TRUE(sink);
  EXPECT_TRUE(Put(**sink, "--X\r\nContent-Disposition: form-data; filename=a.csv\r\n\r\none\r\n-"));
  EXPECT_TRUE(Put(**sink, "-X--\r\n"));
  EXPECT_EQ(Finish(*std::move(sink)).status, 202u);
  EXPECT_EQ(TextOf(taken_.at(0)), "one");
  EXPECT_EQ(taken_[0].file_name(), "a.csv");
  auto broken = Begin(Head("multipart/form-data; boundary=X"));
  EXPECT_TRUE(Put(**broken, "--X\r\n"));
  EXPECT_EQ(Finish(*std::move(broken)).status, 400u);
}

TEST_F(BodySpoolTest, SaysWhenThereIsRoomAgain) {
  Open();
  auto sink = Begin(Head());
  const std::string much(BodySpool::kAheadBytesMax + 1, 'x');
  EXPECT_EQ(*Put(**sink, much), http::BodySink::Room::kFull);
  loop_->RunUntil([this] { return loop_->resumed == 1; });
  EXPECT_EQ(*Put(**sink, "y"), http::BodySink::Room::kMore);
  EXPECT_EQ(Finish(*std::move(sink)).status, 202u);
  EXPECT_EQ(TextOf(taken_.at(0)), much + "y");
}

TEST_F(BodySpoolTest, RefusesWhatItCannotTake) {
  Open(10);
  auto sink = Begin(Head());
  EXPECT_TRUE(Put(**sink, "0123456789"));
  EXPECT_EQ(Put(**sink, "x").error().status, 413u);
  http::Request coded = Head();
  coded.headers.Add("Content-Encoding", "br");
  EXPECT_EQ(Begin(coded).error().status, 415u);
  http::Request gzip = Head();
  gzip.headers.Add("Content-Encoding", "GZip");
  EXPECT_TRUE(Begin(gzip));
  EXPECT_EQ(Begin(Head("multipart/form-data")).error().status, 400u);
  http::Request refused = Head();
  refused.query = http::Query::Parse("refuse=1");
  EXPECT_EQ(Begin(refused).error().status, 403u);
}

TEST_F(BodySpoolTest, HasAPlaceForSoManyAtATime) {
  Open();
  std::vector<std::unique_ptr<http::BodySink>> sinks;
  for (size_t i = 0; i < BodySpool::kBodiesMax; ++i) {
    auto sink = Begin(Head());
    ASSERT_TRUE(sink);
    EXPECT_TRUE(Put(**sink, "x"));
    sinks.push_back(*std::move(sink));
  }
  EXPECT_EQ(Begin(Head()).error().status, 503u);
  // One that is given up makes room, and its file goes; the others' are behind it in the queue.
  sinks.front().reset();
  EXPECT_EQ(Finish(std::move(sinks.back())).status, 202u);
  sinks.pop_back();
  EXPECT_TRUE(Begin(Head()));
}

TEST_F(BodySpoolTest, AFaultOfTheDiskIsTold) {
  Open();
  auto sink = Begin(Head());
  fs::remove_all(place_);
  EXPECT_TRUE(Put(**sink, "x"));
  const http::Response answer = Finish(*std::move(sink));
  EXPECT_EQ(answer.status, 500u);
  EXPECT_NE(answer.detail.find("No such file"), std::string::npos) << answer.detail;
  EXPECT_TRUE(taken_.empty());
}

TEST_F(BodySpoolTest, RemovesWhatACrashHasLeft) {
  fs::create_directories(place_);
  std::ofstream(place_ / "body-7") << "left";
  Open();
  EXPECT_EQ(Files(), 0u);
  auto sink = Begin(Head());
  EXPECT_TRUE(Put(**sink, "x"));
  sink->reset();
  spool_.reset();
  EXPECT_EQ(Files(), 0u);
}

}  // namespace
}  // namespace livetape::api
