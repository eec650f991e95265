#include "api/risk/alert_book.h"

#include <fmt/format.h>

#include <charconv>

#include "base/json_text.h"

namespace livetape::api {
namespace {

std::string TextOf(const JsonObject& object, std::string_view name) {
  const JsonMember* const member = object.Find(name);
  return member != nullptr ? std::string(member->text) : "";
}

std::optional<uint64_t> NumberOfAck(const JsonObject& object) {
  const JsonMember* const member = object.Find("alert");
  if (member == nullptr) return std::nullopt;
  uint64_t number = 0;
  const char* const end = member->json.data() + member->json.size();
  const auto read = std::from_chars(member->json.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

bool Matches(const AlertBook::Alert& alert, const AlertQuery& query) {
  return (!query.severity || alert.severity == *query.severity) &&
         (!query.entity_id || alert.entity_id == *query.entity_id) &&
         (!query.acknowledged || alert.acknowledged_at.has_value() == *query.acknowledged) &&
         (!query.from || alert.record->time >= *query.from) &&
         (!query.to || alert.record->time <= *query.to);
}

}  // namespace

tape::NewRecord AlertAckRecord(uint64_t alert, std::string_view by) {
  std::string data = fmt::format("{{\"alert\":{},\"by\":", alert);
  base::AppendJsonString(data, by);
  return {.topic = "",
          .type = "alert.acknowledged",
          .data = data + '}',
          .kind = tape::RecordKind::kAlertAck};
}

std::optional<uint64_t> AlertOfAck(const tape::Record& record) {
  JsonObjectReader reader;
  const auto object = reader.ReadOne(record.data);
  return object ? NumberOfAck(*object) : std::nullopt;
}

void AlertBook::Apply(const tape::RecordRef& record) {
  const bool is_alert = record->kind == tape::RecordKind::kAlert;
  if (!is_alert && record->kind != tape::RecordKind::kAlertAck) return;
  const std::lock_guard lock(mutex_);
  is_alert ? Add(record) : Acknowledge(*record);
}

void AlertBook::Add(const tape::RecordRef& record) {
  const auto object = reader_.ReadOne(record->data);
  if (!object) return;  // what goes to the channel has been checked
  alerts_.emplace(record->seq, Alert{.record = record,
                                     .severity = TextOf(*object, "severity"),
                                     .entity_id = TextOf(*object, "entity_id")});
  bytes_ += tape::CostOf(*record);
  while (alerts_.size() > kAlertsMax || bytes_ > kBytesMax) {
    bytes_ -= tape::CostOf(*alerts_.begin()->second.record);
    alerts_.erase(alerts_.begin());
  }
}

// The first one counts.
void AlertBook::Acknowledge(const tape::Record& record) {
  const auto object = reader_.ReadOne(record.data);
  if (!object) return;
  const auto number = NumberOfAck(*object);
  const auto found = number ? alerts_.find(*number) : alerts_.end();
  if (found == alerts_.end() || found->second.acknowledged_at) return;
  found->second.acknowledged_at = record.time;
  found->second.acknowledged_by = TextOf(*object, "by");
}

std::optional<AlertBook::Alert> AlertBook::Find(uint64_t seq) const {
  const std::lock_guard lock(mutex_);
  const auto found = alerts_.find(seq);
  if (found == alerts_.end()) return std::nullopt;
  return found->second;
}

AlertBook::Page AlertBook::Read(const AlertQuery& query) const {
  Page page;
  const std::lock_guard lock(mutex_);
  for (auto at = alerts_.rbegin(); at != alerts_.rend(); ++at) {
    if (!Matches(at->second, query)) continue;
    if (page.total >= query.offset && page.alerts.size() < query.limit) {
      page.alerts.push_back(at->second);
    }
    ++page.total;
  }
  return page;
}

}  // namespace livetape::api
