#include "api/channels/task_board.h"

#include <algorithm>

#include "base/assert.h"

namespace livetape::api {

void TaskBoard::Apply(std::span<const tape::RecordRef> records) {
  const std::lock_guard lock(mutex_);
  for (const tape::RecordRef& record : records) {
    LT_ASSERT(record->seq > position_, "{} after {}", record->seq, position_);
    position_ = record->seq;
    Board* const board = BoardOf(*record);
    if (board == nullptr) continue;
    if (record->kind == tape::RecordKind::kJob) {
      ApplyTask(*board, record);
    } else {
      Add(*board, record);
    }
  }
}

void TaskBoard::ApplyTask(Board& board, const tape::RecordRef& record) {
  if (const auto before = board.of_topic.find(record->topic); before != board.of_topic.end()) {
    Remove(board, before->second);
  }
  // A task whose status cannot be read is shown: it has not said that it is done.
  const auto object = reader_.ReadOne(record->data);
  const JsonMember* const status = object ? object->Find("status") : nullptr;
  if (status != nullptr && IsFinished(status->text)) return;
  Add(board, record);
}

void TaskBoard::Add(Board& board, const tape::RecordRef& record) {
  board.records.emplace(record->seq, record);
  if (record->kind == tape::RecordKind::kJob) board.of_topic.emplace(record->topic, record->seq);
  board.bytes += tape::CostOf(*record);
  while (board.records.size() > kTasksMax || board.bytes > kBytesMax) {
    Remove(board, board.records.begin()->first);
  }
}

void TaskBoard::Remove(Board& board, uint64_t seq) {
  const auto at = board.records.find(seq);
  if (at == board.records.end()) return;
  const tape::Record& record = *at->second;
  board.bytes -= tape::CostOf(record);
  if (record.kind == tape::RecordKind::kJob) board.of_topic.erase(record.topic);
  board.records.erase(at);
}

void TaskBoard::Acknowledge(uint64_t seq) {
  const std::lock_guard lock(mutex_);
  for (Board& board : boards_) {
    const auto at = board.records.find(seq);
    if (at != board.records.end() && at->second->kind == tape::RecordKind::kAlert) {
      Remove(board, seq);
    }
  }
}

uint64_t TaskBoard::position() const {
  const std::lock_guard lock(mutex_);
  return position_;
}

TaskBoard::Copies TaskBoard::CopiesOf(const Channel& channel) const {
  Copies copies;
  const auto place = static_cast<size_t>(&channel - Channels().data());
  const std::lock_guard lock(mutex_);
  copies.through = position_;
  if (place >= boards_.size()) return copies;
  const auto& records = boards_[place].records;
  const size_t most = channel.kind == tape::RecordKind::kAlert ? kAlertsShown : kTasksMax;
  size_t bytes = 0;
  for (auto at = records.rbegin(); at != records.rend() && copies.records.size() < most; ++at) {
    bytes += tape::CostOf(*at->second);
    if (bytes > kShownBytesMax) break;
    copies.records.push_back(at->second);
  }
  std::ranges::reverse(copies.records);
  return copies;
}

TaskBoard::Board* TaskBoard::BoardOf(const tape::Record& record) {
  const auto channels = Channels();
  for (size_t i = 0; i < boards_.size(); ++i) {
    const Channel& channel = channels[i];
    if (channel.kind == record.kind && record.topic.size() > channel.topic.size() &&
        record.topic.starts_with(channel.topic) && record.topic[channel.topic.size()] == '/') {
      return &boards_[i];
    }
  }
  return nullptr;
}

}  // namespace livetape::api
