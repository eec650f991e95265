#include "http/descriptor_limit.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "http/unique_fd.h"

namespace livetape::http {

size_t RaiseDescriptorLimit(size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  if (limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    // Refused only where it is forbidden; the old limit holds then.
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) ::getrlimit(RLIMIT_NOFILE, &limit);
  }
  const auto allowed = static_cast<size_t>(limit.rlim_cur);
  const UniqueFd any(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (any && allowed > 0) {
    // The copy gets the highest number, for which the table must grow, and is closed again.
    const UniqueFd highest(
        ::fcntl(any.get(), F_DUPFD_CLOEXEC, static_cast<int>(std::min(wanted, allowed) - 1)));
  }
  return allowed;
}

}  // namespace livetape::http
