// A bot for Alpaca: it holds shares while the short average of minute closes is above the long one,
// and nothing otherwise. It shows how the parts go together and is no way to earn money.
//
//     npm install @alpacahq/alpaca-trade-api@3
//     APCA_API_KEY_ID=... APCA_API_SECRET_KEY=... node trend_bot.mjs
//
// Against livetape, also APCA_API_BASE_URL=http://127.0.0.1:8000 APCA_DATA_BASE_URL=(the same).
// SYMBOL, SHARES, SHORT, LONG (minutes of the averages) and EVERY_S set what it does.

import Alpaca from '@alpacahq/alpaca-trade-api';

const { SYMBOL = 'AAPL', SHARES = '10', SHORT = '5', LONG = '20', EVERY_S = '10' } = process.env;
const DAYS_BACK = 7; // further than any closed market is long
const alpaca = new Alpaca({ paper: true });

const reasonOf = (error) => error.response?.data?.message ?? error.message;
const average = (numbers) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

/** The closes of the last `count` minutes that are over at `now`, newest first. */
async function closes(count, now) {
  const bars = alpaca.getBarsV2(SYMBOL, {
    timeframe: '1Min',
    start: new Date(now - DAYS_BACK * 86_400_000).toISOString(),
    sort: 'desc',
    limit: count + 1,
  });
  const minute = new Date(now - (now % 60_000));
  const over = [];
  for await (const bar of bars) {
    if (new Date(bar.Timestamp) < minute) over.push(bar);
  }
  return over.slice(0, count);
}

/** Shares held; negative when short. */
async function held() {
  try {
    return Number((await alpaca.getPosition(SYMBOL)).qty);
  } catch (error) {
    if (error.response?.status === 404) return 0;
    throw error;
  }
}

/** One look at the market, and at most one order. */
async function look() {
  // The market's time, which is not ours where a recording is played.
  const { is_open, timestamp } = await alpaca.getClock();
  if (!is_open) return;
  const open = await alpaca.getOrders({ status: 'open', symbols: SYMBOL });
  if (open.length > 0) return; // the last order is still at work
  const bars = await closes(Number(LONG), Date.parse(timestamp));
  if (bars.length < Number(LONG)) {
    return console.error(`${bars.length} of ${LONG} minutes are there; waiting for more`);
  }
  const prices = bars.map((bar) => bar.ClosePrice);
  const wanted = average(prices.slice(0, Number(SHORT))) > average(prices) ? Number(SHARES) : 0;
  const missing = wanted - (await held());
  if (missing === 0) return;
  const side = missing > 0 ? 'buy' : 'sell';
  await alpaca.createOrder({
    symbol: SYMBOL,
    qty: String(Math.abs(missing)),
    side,
    type: 'market',
    time_in_force: 'day',
    // Of one minute's averages there is one order, also if its answer was lost or the bot restarted.
    client_order_id: `trend-${SYMBOL}-${side}-${bars[0].Timestamp}`,
  });
}

const updates = alpaca.trade_ws;
updates.onConnect(() => updates.subscribe(['trade_updates']));
updates.onError((error) => console.error(`stream: ${error}`));
updates.onOrderUpdate(({ event, price, qty, position_qty, order }) => {
  if (event !== 'fill' && event !== 'partial_fill') return console.log(`${event} ${order.side}`);
  console.log(`${order.side} ${qty} ${order.symbol} at ${price}, now ${position_qty}`);
});
updates.connect();

let busy = false;
const timer = setInterval(
  async () => {
    if (busy) return;
    busy = true;
    await look().catch((error) => console.error(reasonOf(error)));
    busy = false;
  },
  Number(EVERY_S) * 1000,
);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    clearInterval(timer);
    updates.disconnect();
  });
}

alpaca.getAccount().then(
  ({ account_number, equity }) => console.log(`account ${account_number}, equity ${equity}`),
  (error) => console.error(reasonOf(error)),
);
