#include "load/publish_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/assert.h"
#include "base/time_text.h"

namespace livetape::bench {
namespace {

constexpr std::string_view kStampField = "\"timestamp\":\"";

std::string Record(const RequestShape& shape, size_t number) {
  std::string topic = shape.topic;
  if (shape.topics > 1) topic += fmt::format("-{}", number % shape.topics);
  std::string record = fmt::format(R"({{"topic":"{}","data":{{"price":187.34,{}{}")", topic,
                                   kStampField, base::FormatRfc3339(base::WallTime{}));
  constexpr std::string_view kPadField = R"(,"pad":"")", kEnd = "}}";
  const size_t without = record.size() + kEnd.size();
  if (shape.record_bytes > without + kPadField.size()) {
    record += kPadField.substr(0, kPadField.size() - 1);
    record.append(shape.record_bytes - without - kPadField.size(), 'A');
    record += '"';
  }
  record += kEnd;
  return record;
}

PublishRequest MakeRequest(const RequestShape& shape, size_t first) {
  std::string body = Record(shape, first);
  for (size_t i = 1; i < shape.records; ++i) body += '\n' + Record(shape, first + i);
  const std::string_view type = shape.records > 1 ? "application/x-ndjson" : "application/json";
  PublishRequest request;
  request.records = shape.records;
  request.text =
      fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n",
                  shape.path, shape.host, type, body.size());
  request.stamp_at = request.text.size() + body.find(kStampField) + kStampField.size();
  request.text += body;
  return request;
}

}  // namespace

std::vector<PublishRequest> MakeRequests(const RequestShape& shape) {
  const size_t count = std::max<size_t>(1, shape.topics / shape.records);
  std::vector<PublishRequest> requests;
  requests.reserve(count);
  for (size_t i = 0; i < count; ++i) requests.push_back(MakeRequest(shape, i * shape.records));
  return requests;
}

void Stamp(PublishRequest& request, base::WallTime now) {
  const std::string time = base::FormatRfc3339(now);
  LT_ASSERT(request.stamp_at + time.size() <= request.text.size(), "{}", request.stamp_at);
  request.text.replace(request.stamp_at, time.size(), time);
}

}  // namespace livetape::bench
