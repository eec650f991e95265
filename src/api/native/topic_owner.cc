#include "api/native/topic_owner.h"

#include <array>
#include <charconv>

namespace livetape::api {
namespace {

struct Reserved {
  std::string_view segment, instead;
};

constexpr std::array kReserved = {
    Reserved{"paper", "it is written by the trading core; orders go to POST /v2/orders"},
    Reserved{"jobs", "progress goes to POST /api/v1/sse/training or POST /api/v1/sse/backtest"},
    Reserved{"alerts", "alerts go to POST /api/v1/sse/alerts"},
    Reserved{"dashboard", "dashboard updates go to POST /api/v1/sse/dashboard"},
    Reserved{"user", "user events go to POST /api/v1/events"},
    Reserved{"broadcast", "broadcasts go to POST /api/v1/events"},
    Reserved{"clock", "it is written by the server alone"},
};

}  // namespace

std::string DecodeTopicSegment(std::string_view segment) {
  std::string out;
  for (size_t i = 0; i < segment.size(); ++i) {
    unsigned char byte = static_cast<unsigned char>(segment[i]);
    if (segment[i] == '%' && i + 2 < segment.size()) {
      std::from_chars(&segment[i + 1], &segment[i + 1] + 2, byte, 16);
      i += 2;
    }
    out += static_cast<char>(byte);
  }
  return out;
}

Ownership OwnerOf(std::string_view topic) {
  std::string_view segment = topic.substr(0, topic.find('/'));
  std::string decoded;
  if (segment.find('%') != std::string_view::npos) {
    decoded = DecodeTopicSegment(segment);
    segment = decoded;
  }
  if (segment == "market") return {.owner = TopicOwner::kMarket, .instead = {}};
  for (const Reserved& reserved : kReserved) {
    if (reserved.segment == segment) {
      return {.owner = TopicOwner::kServer, .instead = reserved.instead};
    }
  }
  return {};
}

}  // namespace livetape::api
