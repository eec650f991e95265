#pragma once

// FloorRecorder: `livetape serve --record FILE`: takes each input of the floor, in order, to a file
// (docs/recording.md). The floor's thread tells it, before that the main thread; a thread of its own
// writes, at least every half second. It never keeps the floor from trading: a disk that is full or
// too slow ends the recording, with an error in the log.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "app/paper/recording_sink.h"
#include "base/log.h"
#include "floor/recording/input_codec.h"
#include "floor/recording/recording_format.h"
#include "metrics/registry.h"

namespace livetape::app {

struct RecordOptions {
  std::string file;            // empty: nothing is recorded
  uint64_t limit_mib = 10240;  // of the file; there the recording ends
};

class FloorRecorder final : public floor::InputListener {
 public:
  struct Limits {
    uint64_t file_bytes;
    size_t waiting_bytes = 64 << 20;  // not yet written
  };
  // `log` and `metrics` outlive it.
  FloorRecorder(std::unique_ptr<RecordingSink> sink, const Limits& limits, base::Log& log,
                metrics::Registry& metrics);
  // Stops it. What was never live leaves no file.
  ~FloorRecorder() override;
  FloorRecorder(const FloorRecorder&) = delete;
  FloorRecorder& operator=(const FloorRecorder&) = delete;

  // Once, first; writes from here on.
  void Begin(const floor::RecordingHeader& header);
  // Until GoLive it waits where too much has not been written yet; after it, that ends the recording.
  void OnInput(const floor::FloorInput& input) override;
  // What was known from before has been restored.
  void GoLive();
  // The last input has been: the end is written, and all is on disk by the return.
  void Stop();

 private:
  void Write();
  void Seal();
  void End(floor::RecordingEnd why);
  bool WriteBlock(const std::string& block);
  bool Append(const std::string& bytes);
  void Abandon();

  const std::unique_ptr<RecordingSink> sink_;
  const Limits limits_;
  base::Log& log_;
  metrics::Counter &bytes_, &failures_;
  metrics::Gauge& on_;

  std::mutex mutex_;  // of all down to the thread
  std::condition_variable work_, room_;
  floor::InputEncoder encoder_;             // what is being gathered
  std::deque<floor::InputEncoder> sealed_;  // what is to be written
  size_t waiting_ = 0;                      // bytes in `sealed_`, and what is being written
  bool live_ = false;
  bool closed_ = true;  // nothing more is taken
  bool stopping_ = false;

  uint64_t written_ = 0;  // the writer's, from Begin on
  std::thread writer_;
};

}  // namespace livetape::app
