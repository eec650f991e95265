#include "http/request_parser.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/random.h"

namespace livetape::http {
namespace {

using namespace std::string_literals;
using Progress = RequestParser::Progress;

constexpr RequestParser::Limits kLimits{.head_bytes = 1000, .body_bytes = 2000};

// Feeds `text` in pieces of `step` bytes, as a connection would.
struct Fed {
  explicit Fed(std::string text, size_t step = std::string::npos) : rest(std::move(text)) {
    std::string inbox;
    const auto under_way = [&] {
      return parser.progress() == Progress::kHead || parser.progress() == Progress::kBody;
    };
    while (!rest.empty() && under_way()) {
      inbox += rest.substr(0, step);
      rest.erase(0, step);
      inbox.erase(0, parser.Put(inbox));
    }
    rest.insert(0, inbox);
  }

  RequestParser parser{kLimits};
  std::string rest;  // not taken
};

unsigned Refused(const std::string& text) {
  const Fed fed(text);
  return fed.parser.progress() == Progress::kRefused ? fed.parser.refusal_status() : 0;
}

TEST(RequestParser, ReadsARequestInAnyPieces) {
  const std::string text =
      "GET /sse/BTC%2FUSD?interval=1s&a=b HTTP/1.1\r\nHost: x\r\nLast-Event-ID:  7 \r\n\r\nGET "
      "/next";
  for (size_t step = 1; step <= text.size(); ++step) {
    Fed fed(text, step);
    ASSERT_EQ(fed.parser.progress(), Progress::kDone) << step;
    EXPECT_TRUE(fed.parser.keep_alive());
    EXPECT_EQ(fed.rest, "GET /next");
    const Request request = fed.parser.Take();
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(request.path, "/sse/BTC%2FUSD");
    EXPECT_EQ(request.query.Find("interval"), "1s");
    EXPECT_EQ(request.headers.Find("last-event-id"), "7");
    EXPECT_EQ(request.minor_version, 1);
  }
}

TEST(RequestParser, ReadsABodyByLengthInAnyPieces) {
  const std::string text =
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello\r\n\r\nyoG";
  for (size_t step = 1; step <= text.size(); ++step) {
    Fed fed(text, step);
    ASSERT_EQ(fed.parser.progress(), Progress::kDone) << step;
    EXPECT_EQ(fed.parser.Take().body, "hello\r\n\r\nyo");
  }
}

TEST(RequestParser, ReadsChunksInAnyPieces) {
  const std::string text =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5;a=b\r\nhello\r\nA\r\n, you two!\r\n0\r\nHost: trailer\r\n\r\nG";
  for (size_t step = 1; step <= text.size(); ++step) {
    Fed fed(text, step);
    ASSERT_EQ(fed.parser.progress(), Progress::kDone) << step;
    const Request request = fed.parser.Take();
    EXPECT_EQ(request.body, "hello, you two!");
    EXPECT_EQ(request.headers.Find("Host"), "x") << "trailers are not headers";
  }
}

TEST(RequestParser, ReadsAnEmptyChunkedBodyInAnyPieces) {
  const std::string text =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n";
  for (size_t step = 1; step <= text.size(); ++step) {
    EXPECT_EQ(Fed(text, step).parser.progress(), Progress::kDone) << step;
  }
}

TEST(RequestParser, KeepsTheConnectionAsTheVersionSays) {
  const auto keeps = [](const std::string& text) { return Fed(text).parser.keep_alive(); };
  EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(RequestParser, TakesTheAbsoluteFormAndItsHost) {
  Fed fed("GET HTTP://desk.example:8000/sse?a=1 HTTP/1.1\r\nHost: other\r\n\r\n");
  ASSERT_EQ(fed.parser.progress(), Progress::kDone);
  const Request request = fed.parser.Take();
  EXPECT_EQ(request.path, "/sse");
  EXPECT_EQ(request.query.Find("a"), "1");
  EXPECT_EQ(request.headers.Find("Host"), "desk.example:8000");

  Fed bare("GET http://desk.example?a=1 HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_EQ(bare.parser.progress(), Progress::kDone);
  const Request root = bare.parser.Take();
  EXPECT_EQ(root.path, "/");
  EXPECT_EQ(root.query.Find("a"), "1");
}

TEST(RequestParser, SaysWhenTheClientWaitsToSendItsBody) {
  const Fed fed("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(fed.parser.progress(), Progress::kBody);
  EXPECT_TRUE(fed.parser.expects_continue());
  EXPECT_EQ(Refused("POST / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nContent-Length: 3\r\n\r\n"),
            417U);
}

TEST(RequestParser, RefusesWhatIsNotHttp) {
  for (const std::string text :
       {"\x16\x03\x01\x02", "\x01\x02\xff\r\n\r\n", "GET /\r\n\r\n", "GET HTTP/1.1\r\n\r\n",
        "GET / HTTP/3.7\r\nHost: x\r\n\r\n", "GET /a\x01 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nColourless\r\n\r\n", "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", "GET x HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\nHost: x\n\n\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", "G=T / HTTP/1.1\r\nHost: x\r\n\r\n"}) {
    EXPECT_EQ(Refused(text), 400U) << text;
  }
  EXPECT_EQ(Refused("GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n"s), 400U);
}

TEST(RequestParser, RefusesLengthsThatCouldSmuggleARequest) {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\n";
  for (const std::string fields :
       {"Content-Length: -1", "Content-Length: +1", "Content-Length: 0x1",
        "Content-Length:", "Content-Length: 1 2", "Content-Length: 99999999999999999999",
        "Content-Length: 1\r\nContent-Length: 2", "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Transfer-Encoding: gzip\r\nContent-Length: 5",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"}) {
    EXPECT_EQ(Refused(head + fields + "\r\n\r\nabcde"), 400U) << fields;
  }
  for (const std::string coding : {"gzip", "gzip, chunked", "chunked, gzip", "xchunked"}) {
    EXPECT_EQ(Refused(head + "Transfer-Encoding: " + coding + "\r\n\r\n"), 501U) << coding;
  }
  EXPECT_EQ(Refused("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400U);
  EXPECT_EQ(Refused(head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"), 400U);
  EXPECT_EQ(Refused(head + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n"), 400U);
}

TEST(RequestParser, LimitsTheHeadInWhateverPiecesItComes) {
  const auto request = [](size_t head_bytes) {
    const std::string start = "GET / HTTP/1.1\r\nHost: x\r\nA: ";
    return start + std::string(head_bytes - start.size() - 4, 'x') + "\r\n\r\n";
  };
  std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
  while (many.size() < kLimits.head_bytes) many += "A: b\r\n";
  for (const size_t step : {1UL, 7UL, 100UL, 5000UL}) {
    EXPECT_EQ(Fed(request(kLimits.head_bytes), step).parser.progress(), Progress::kDone) << step;
    for (const std::string& text : {request(kLimits.head_bytes + 1), many + "\r\n"}) {
      const Fed fed(text, step);
      ASSERT_EQ(fed.parser.progress(), Progress::kRefused) << step;
      EXPECT_EQ(fed.parser.refusal_status(), 431U) << step;
    }
  }
}

TEST(RequestParser, CallsALongRequestLineByItsName) {
  const std::string line = "GET /" + std::string(kLimits.head_bytes, 'x');
  const std::string ended = line + " HTTP/1.1\r\nHost: x\r\n";
  for (const size_t step : {1UL, 7UL, 100UL, 5000UL}) {
    for (const std::string& text : {line, ended, ended + "\r\n"}) {
      const Fed fed(text, step);
      ASSERT_EQ(fed.parser.progress(), Progress::kRefused) << step;
      EXPECT_EQ(fed.parser.refusal_status(), 414U) << step;
    }
  }
}

TEST(RequestParser, LimitsTheBodyAnnouncedOrSent) {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(Refused(head + "Content-Length: 2001\r\n\r\n"), 413U);
  EXPECT_EQ(Refused(head + "Content-Length: 2001\r\n\r\n" + std::string(2001, 'x')), 413U);
  EXPECT_EQ(Fed(head + "Content-Length: 2000\r\n\r\n").parser.progress(), Progress::kBody);
  const std::string chunk = "3e8\r\n" + std::string(1000, 'x') + "\r\n";
  const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(Refused(chunked + chunk + chunk + "1\r\nx\r\n"), 413U);
  EXPECT_EQ(Fed(chunked + chunk + chunk + "0\r\n\r\n").parser.progress(), Progress::kDone);
}

TEST(RequestParser, ExtensionsOfChunksAreNotWithoutEnd) {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  const auto chunks = [](int count, size_t extension, size_t data) {
    std::string text;
    for (int i = 0; i < count; ++i) {
      text += fmt::format("{:x};{}\r\n{}\r\n", data, std::string(extension, 'e'),
                          std::string(data, 'x'));
    }
    return text;
  };
  EXPECT_EQ(Refused(head + chunks(20, 100, 1)), 431U);
  // Small chunks, and extensions that are no longer than their data, are nobody's fault.
  EXPECT_EQ(Fed(head + chunks(1500, 1, 1) + "0\r\n\r\n").parser.progress(), Progress::kDone);
  EXPECT_EQ(Fed(head + chunks(20, 90, 100) + "0\r\n\r\n").parser.progress(), Progress::kDone);
}

TEST(RequestParser, AsksForTheLimitOfTheBodyWhenItKnowsTheHead) {
  int asked = 0;
  const RequestParser::BodyLimit limit_of = [&](const Request& head) -> size_t {
    ++asked;
    EXPECT_EQ(head.headers.Find("Last"), "field");
    return head.path == "/large" ? 5000 : head.path == "/small" ? 10 : 0;
  };
  const auto length = [&](const std::string& path, size_t bytes) {
    RequestParser parser(kLimits, &limit_of);
    parser.Put("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(bytes) +
               "\r\nLast: field\r\n\r\n");
    return parser.refusal_status();
  };
  EXPECT_EQ(length("/large", 5000), 0U);
  EXPECT_EQ(length("/large", 5001), 413U);
  EXPECT_EQ(length("/small", 11), 413U);
  EXPECT_EQ(length("/", 2000), 0U) << "the usual";
  EXPECT_EQ(length("/", 2001), 413U);
  EXPECT_EQ(asked, 5);

  RequestParser chunked(kLimits, &limit_of);
  chunked.Put(
      "POST /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nLast: field\r\n\r\n"
      "9\r\n123456789\r\n2\r\nab\r\n0\r\n\r\n");
  EXPECT_EQ(chunked.refusal_status(), 413U);
  EXPECT_EQ(chunked.refusal_detail(), "the body is over 10 bytes, the most that this path takes");

  RequestParser bodiless(kLimits, &limit_of);
  bodiless.Put("GET /small HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(bodiless.progress(), Progress::kDone);
  EXPECT_EQ(asked, 6) << "without a body there is nothing to ask";
}

TEST(RequestParser, LimitsChunkExtensionsAndTrailers) {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const size_t step : {100UL, 10000UL}) {
    for (const std::string start : {"1;", "0\r\nA: "}) {
      const Fed fed(head + start + std::string(2 * kLimits.head_bytes, 'x'), step);
      ASSERT_EQ(fed.parser.progress(), Progress::kRefused) << start;
      EXPECT_EQ(fed.parser.refusal_status(), 431U) << start;
    }
  }
}

TEST(RequestParser, TakesAChunksHeadUpToTheLimitInWhateverPieces) {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  const auto with_chunk_head = [&](size_t bytes) {
    return head + "1;" + std::string(bytes - 4, 'e') + "\r\nx\r\n0\r\n\r\n";
  };
  for (const size_t step : {1UL, 7UL, 100UL, 10000UL}) {
    const Fed fits(with_chunk_head(kLimits.head_bytes), step);
    EXPECT_EQ(fits.parser.progress(), Progress::kDone) << step;
    const Fed over(with_chunk_head(kLimits.head_bytes + 1), step);
    EXPECT_EQ(over.parser.refusal_status(), 431U) << step;
  }
}

// Whatever comes, the parser ends in one of its four states, has taken no more than it was given,
// and refuses with a status of the client's or 501.
TEST(RequestParser, SurvivesMutatedRequests) {
  constexpr uint64_t kSeed = 20261120;
  SCOPED_TRACE(kSeed);
  base::Random random(kSeed);
  const std::vector<std::string> seeds = {
      "GET /sse/AAPL?a=%20 HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
      "chunked\r\n\r\n5;a=\"b\"\r\nhello\r\n0\r\nT: "
      "u\r\n\r\n"};
  const std::string alphabet = "\r\n\r\n :;=,\"\t0f1AG/%?\xff\x7f\0"s;
  for (int round = 0; round < 20000; ++round) {
    std::string text = seeds[random.Below(seeds.size())];
    for (uint64_t edits = 1 + random.Below(4); edits > 0; --edits) {
      const size_t at = random.Below(text.size());
      const char c = alphabet[random.Below(alphabet.size())];
      switch (random.Below(3)) {
        case 0:
          text[at] = c;
          break;
        case 1:
          text.insert(at, 1, c);
          break;
        default:
          text.erase(at, 1 + random.Below(3));
          break;
      }
      if (text.empty()) text = "x";
    }
    const Fed fed(text, 1 + random.Below(text.size()));
    if (fed.parser.progress() == Progress::kRefused) {
      const unsigned status = fed.parser.refusal_status();
      ASSERT_TRUE((status >= 400 && status < 500) || status == 501) << text;
      ASSERT_FALSE(fed.parser.refusal_detail().empty());
    }
  }
}

}  // namespace
}  // namespace livetape::http
