// A board of prices (state: the newest of each symbol) and orders (records: every one, in order).

import { useLivetape, type Gap, type TapeEvent } from './useLivetape';

interface State {
  prices: Record<string, number>;
  orders: { number: number; status: string }[];
  notice: string;
}

const EMPTY: State = { prices: {}, orders: [], notice: '' };

function reduce(state: State, { type, topic, data }: TapeEvent): State {
  if (type === 'quote') {
    const symbol = decodeURIComponent(topic.split('/')[1]!);
    return { ...state, prices: { ...state.prices, [symbol]: data.price } };
  }
  return { ...state, orders: [...state.orders, data].slice(-100) };
}

function afterGap(state: State, gap: Gap): State {
  return { ...state, orders: [], notice: `Earlier orders are not shown (${gap.reason}).` };
}

export function Board({ server, token }: { server?: string; token?: () => Promise<string> }) {
  const { state, status } = useLivetape({
    server,
    token,
    topics: ['market/*', 'orders/*'],
    types: ['quote', 'order'],
    initial: EMPTY,
    reduce,
    afterGap,
    keepAs: 'board',
  });
  return (
    <main>
      <p id="status">{status}</p>
      <p id="notice">{state.notice}</p>
      <ul id="prices">
        {Object.entries(state.prices).map(([symbol, price]) => (
          <li key={symbol}>{`${symbol} ${price}`}</li>
        ))}
      </ul>
      <ol id="orders">
        {state.orders.map(({ number, status }) => (
          <li key={number}>{`${number} ${status}`}</li>
        ))}
      </ol>
    </main>
  );
}
