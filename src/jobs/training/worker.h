#pragma once

// The worker process of a training: reads samples from one file descriptor, boosts, and writes
// figures and the model to another (worker_protocol.h). The only place where XGBoost runs.

#include <cstdint>

namespace livetape::jobs {

// Makes this process the least of all on its machine: nice 19 and SCHED_IDLE, at most so much memory
// of its own, no core file, and killed when the thread that started it ends.
void MakeWorker(uint32_t memory_mib);

// The exit status: 0 the model has been written, 1 what went wrong has, as far as it could be.
int RunTrainWorker(int in, int out, uint32_t memory_mib);

}  // namespace livetape::jobs
