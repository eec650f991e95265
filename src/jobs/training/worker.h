#pragma once

// The worker process of a training: reads samples from one file descriptor, boosts, and writes
// figures and the model to another (worker_protocol.h). The only place where XGBoost runs.

#include <cstdint>

namespace livetape::jobs {

// Sanitizers map terabytes for their own books, which count against any limit: no memory could be had.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LIVETAPE_SANITIZED
#endif
#endif
#if defined(LIVETAPE_SANITIZED) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kLimitsMemory = false;
#else
inline constexpr bool kLimitsMemory = true;
#endif

// Makes this process one of the background (background.h) with at most so much memory of its own.
void MakeWorker(uint32_t memory_mib);

// The exit status: 0 the model has been written, 1 what went wrong has, as far as it could be.
int RunTrainWorker(int in, int out, uint32_t memory_mib);

}  // namespace livetape::jobs
