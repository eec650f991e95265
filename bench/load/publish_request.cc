#include "load/publish_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/assert.h"
#include "base/random.h"
#include "base/time_text.h"

namespace livetape::bench {
namespace {

constexpr std::string_view kStampField = "\"timestamp\":\"";

// Of records in random order there are so many; then they come again.
constexpr size_t kRandomRecords = 100'000;

size_t TopicOf(const RequestShape& shape, size_t number) {
  if (!shape.random_topics) return number % shape.topics;
  base::Random random(number);
  return random.Below(shape.topics);
}

std::string Record(const RequestShape& shape, size_t number) {
  std::string topic = shape.topic;
  if (shape.topics > 1) topic += fmt::format("-{}", TopicOf(shape, number));
  // Values of state differ, so that a newer one can be told from an older.
  const std::string price = shape.state ? fmt::format("{}", number) : "187.34";
  std::string record = fmt::format(R"({{"topic":"{}",{}"data":{{"price":{},{}{}")", topic,
                                   shape.state ? R"("class":"state",)" : "", price, kStampField,
                                   base::FormatRfc3339(base::WallTime{}));
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
  request.text = PostText(shape.path, shape.host, fmt::format("Content-Type: {}\r\n", type), body);
  request.stamp_at =
      request.text.size() - body.size() + body.find(kStampField) + kStampField.size();
  return request;
}

}  // namespace

std::string PostText(std::string_view path, std::string_view host, std::string_view headers,
                     std::string_view body) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\n{}Content-Length: {}\r\n\r\n{}", path, host,
                     headers, body.size(), body);
}

std::vector<PublishRequest> MakeRequests(const RequestShape& shape) {
  const size_t records = shape.random_topics ? kRandomRecords : shape.topics;
  const size_t count = std::max<size_t>(1, records / shape.records);
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

void Number(PublishRequest& request, uint64_t serial) {
  LT_ASSERT(request.serial_at + kSerialDigits <= request.text.size(), "{}", request.serial_at);
  for (size_t i = kSerialDigits; i > 0; --i, serial /= 10) {
    request.text[request.serial_at + i - 1] = static_cast<char>('0' + serial % 10);
  }
}

}  // namespace livetape::bench
