#pragma once

// Order checks: does what was asked for make sense, whoever asks and whatever the market does
// (docs/trading.md, "Sizes" and "Brackets, OCO, OTO"). Pure functions; the first fault in the order
// of RefusalReason counts.

#include "base/decimal.h"
#include "floor/order_request.h"
#include "floor/refusal.h"
#include "model/instrument.h"
#include "model/order.h"

namespace livetape::floor {

// kNone: it does.
RefusalReason Validate(const OrderRequest& request, model::AssetClass asset_class);

// A limit or stop price: positive, at most kPriceMax; of us_equity two decimals from 1 on, four
// below. Crypto may have all nine: coins cost fractions of a cent.
RefusalReason CheckPrice(base::Price price, model::AssetClass asset_class);

// Not whole units.
bool Fractional(base::Quantity quantity);

// Least distance of a leg from its entry and from the other leg: 0.01 for us_equity; crypto only has
// to be apart.
base::Price LegDistance(model::AssetClass asset_class);
// Whether an exit on side `exit` at `take_profit` and `stop_loss` has `base` between them, each at
// least LegDistance away. A price of 0 is not there.
bool LegsAround(model::Side exit, base::Price base, base::Price take_profit, base::Price stop_loss,
                model::AssetClass asset_class);

}  // namespace livetape::floor
