// The books of an account, recomputed from its fills alone with whole numbers, and compared with
// everything that the server says of it.

import assert from 'node:assert/strict';

import { ONE, decimal, halfEven, parseExact, product, units } from './exact.mjs';

const PAGE = 1000;

/** All fills of an account, oldest first, numbers as text. */
export async function readTrades(trader) {
  const trades = [];
  for (let total = 1; trades.length < total;) {
    const query = `account=${trader.account}&limit=${PAGE}&offset=${trades.length}`;
    const answer = await trader.read(`/api/paper-trading/trades?${query}`);
    assert.equal(answer.status, 200, answer.text);
    const page = parseExact(answer.text);
    total = Number(page.total);
    if (page.trades.length === 0) break;
    trades.push(...page.trades);
  }
  return trades.reverse();
}

/** All orders of an account, oldest first. */
export async function readOrders(trader, query = 'status=all') {
  const orders = [];
  for (let after = ''; ; after = `&after_order_id=${orders.at(-1).id}`) {
    const page = await trader.get(`/v2/orders?${query}&limit=500&direction=asc${after}`);
    orders.push(...page);
    if (page.length < 500) return orders;
  }
}

const magnitude = (value) => (value < 0n ? -value : value);

/** One symbol by average cost (trading.md, section 3): quantity and cost are signed alike. */
class Holding {
  quantity = 0n;
  cost = 0n;

  /** Takes a fill; gives what it realises, without its fee. */
  take(change, price) {
    const held = magnitude(this.quantity);
    if (held === 0n || change > 0n === this.quantity > 0n) return this.#add(change, price);
    // Two resting orders of opposite sides can cross zero: the first part closes, the rest opens.
    const closing = magnitude(change) < held ? magnitude(change) : held;
    const signed = change < 0n ? -closing : closing;
    const realised = this.#reduce(closing, signed, price, held);
    this.#add(change - signed, price);
    return realised;
  }

  #add(change, price) {
    this.quantity += change;
    this.cost += product(change, price);
    return 0n;
  }

  #reduce(closing, signed, price, held) {
    // In units of 10^-9, as quantities have.
    const [whole, part] = [held / 10n ** 9n, closing / 10n ** 9n];
    const moved =
      closing === held
        ? this.cost
        : (this.cost / whole) * part + halfEven((this.cost % whole) * part, whole);
    this.cost -= moved;
    this.quantity += signed;
    return -product(signed, price) - moved;
  }
}

/** What fills make of an account that began with `cash`. */
export class Ledger {
  constructor(cash) {
    this.cash = units(cash);
    this.start = this.cash;
    this.realised = 0n;
    this.fees = 0n;
    this.holdings = new Map();
  }

  /** Takes a trade of GET /api/paper-trading/trades, and checks what it says of itself. */
  take({ symbol, side, quantity, price, fee, realized_pnl }) {
    if (!this.holdings.has(symbol)) this.holdings.set(symbol, new Holding());
    const size = units(quantity);
    const paid = units(fee);
    const profit = this.holdings.get(symbol).take(side === 'buy' ? size : -size, units(price));
    const net = profit - paid;
    assert.equal(realized_pnl, decimal(net), `realised by ${side} ${quantity} ${symbol}`);
    const value = product(size, units(price));
    this.cash += (side === 'buy' ? -value : value) - paid;
    this.realised += net;
    this.fees += paid;
  }

  get open() {
    return [...this.holdings].filter(([, { quantity }]) => quantity !== 0n);
  }
}

/**
 * Compares an account with its fills: cash, positions, realised profit, equity and each order's
 * quantity, exactly. Gives {ledger, trades, orders}.
 */
export async function assertBooks(trader, cash) {
  const trades = await readTrades(trader);
  const ledger = new Ledger(cash);
  for (const trade of trades) ledger.take(trade);
  assert.equal(new Set(trades.map(({ id }) => id)).size, trades.length, 'a fill came twice');

  const answer = await trader.read(`/api/paper-trading/status?account=${trader.account}`);
  const status = parseExact(answer.text);
  assert.equal(status.balance, decimal(ledger.cash), 'cash');
  assert.equal(status.realized_pnl, decimal(ledger.realised), 'realised');
  assert.equal(status.trades_executed, String(trades.length), 'number of fills');
  const shown = new Map(status.positions.map((each) => [each.symbol, each]));
  assert.deepEqual([...shown.keys()].sort(), ledger.open.map(([symbol]) => symbol).sort());
  let equity = ledger.cash;
  let unrealised = 0n;
  for (const [symbol, { quantity, cost }] of ledger.open) {
    const position = shown.get(symbol);
    assert.equal(position.quantity, decimal(quantity), `quantity of ${symbol}`);
    // Without a price yet it is worth its cost, and shown at the average, which is rounded.
    const priced = position.price !== position.avg_price;
    const value = priced ? product(quantity, units(position.price)) : cost;
    assert.equal(position.market_value, decimal(value), `value of ${symbol}`);
    assert.equal(position.unrealized_pnl, decimal(value - cost), `unrealised of ${symbol}`);
    equity += value;
    unrealised += value - cost;
  }
  assert.equal(status.equity, decimal(equity), 'equity');
  assert.equal(status.unrealized_pnl, decimal(unrealised), 'unrealised');
  assert.equal(equity, ledger.start + ledger.realised + unrealised, 'the identity');

  const orders = await readOrders(trader);
  assertFilled(orders, trades);
  return { ledger, trades, orders, status };
}

/** Each order is filled by as much as its fills say, at their average. */
function assertFilled(orders, trades) {
  const filled = new Map();
  for (const { order_id, quantity, price } of trades) {
    const sum = filled.get(order_id) ?? { quantity: 0n, value: 0n };
    sum.quantity += units(quantity);
    sum.value += product(units(quantity), units(price));
    filled.set(order_id, sum);
  }
  for (const order of orders) {
    const { quantity, value } = filled.get(order.id) ?? { quantity: 0n, value: 0n };
    assert.equal(order.filled_qty, decimal(quantity), `filled of order ${order.id}`);
    filled.delete(order.id);
    if (quantity === 0n) assert.equal(order.filled_avg_price, null);
    else if ((value * ONE) % quantity === 0n)
      assert.equal(order.filled_avg_price, decimal((value * ONE) / quantity));
    if (order.status === 'filled' && order.notional === null)
      assert.equal(order.filled_qty, order.qty, `order ${order.id} is filled`);
  }
  assert.deepEqual([...filled.keys()], [], 'fills of no order');
}
