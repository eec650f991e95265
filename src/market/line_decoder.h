#pragma once

// LineDecoder: turns the lines of one file format into market events. One thread owns it; the
// reading, the reporting and the loop are ReplaySource's (market/replay_source.h).

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "market/line_report.h"
#include "model/market_event.h"

namespace livetape::market {

// Where a decoder puts what it finds.
struct Decoded {
  std::vector<model::MarketEvent>& events;  // appended to
  LineReport& report;                       // for notices, and for faults found later than Take
  uint64_t line = 0;                        // number of the current line, from 1
};

class LineDecoder {
 public:
  virtual ~LineDecoder() = default;

  // `line` is not blank, has kLinePadding readable bytes behind it (market/line_reader.h), and may
  // hold anything. True: market data; false: fine, but nothing to replay (a header, another
  // message). An error is the reason why the line is malformed; the decoder is as before it.
  virtual base::Result<bool> Take(std::string_view line, Decoded& out) = 0;

  // After the last line, until it returns false: events that had to wait for the whole file.
  virtual bool Rest(Decoded&) { return false; }

  // The file begins again. Instruments stay listed; books and columns start anew.
  virtual void Restart() = 0;
};

}  // namespace livetape::market
