#pragma once

// StreamDirectory: names of open streams by group: clients by channel, users by session.
// Thread-safe.

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace livetape::api {

class StreamDirectory {
 public:
  // One open stream; listed until it is destroyed. The directory outlives it.
  class Entry {
   public:
    Entry(StreamDirectory& directory, std::string group, std::string name)
        : directory_(directory), group_(std::move(group)), name_(std::move(name)) {
      directory_.Add(*this);
    }
    ~Entry() { directory_.Remove(*this); }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    friend class StreamDirectory;
    StreamDirectory& directory_;
    const std::string group_, name_;
  };

  // The names of a group's streams in order, one for each stream.
  std::vector<std::string> Names(std::string_view group) const {
    const std::scoped_lock lock(mutex_);
    const auto at = groups_.find(group);
    if (at == groups_.end()) return {};
    return {at->second.begin(), at->second.end()};
  }

 private:
  void Add(const Entry& entry) {
    const std::scoped_lock lock(mutex_);
    groups_[entry.group_].insert(entry.name_);
  }
  void Remove(const Entry& entry) {
    const std::scoped_lock lock(mutex_);
    const auto at = groups_.find(entry.group_);
    at->second.erase(at->second.find(entry.name_));
    if (at->second.empty()) groups_.erase(at);
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::multiset<std::string>, std::less<>> groups_;
};

}  // namespace livetape::api
