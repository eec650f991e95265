// A board of prices (state: the newest of each symbol) and orders (records: every one, in order).

import { KeyValuePipe } from '@angular/common';
import { Component, InjectionToken, inject } from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { fromEvent, scan, startWith } from 'rxjs';

import { LivetapeService, type StreamOptions, type Update } from './livetape.service';

/** Where livetape is, and how to get a token: provided by the application. */
export const LIVETAPE = new InjectionToken<Pick<StreamOptions, 'server' | 'token'>>('livetape');

interface State {
  id: string;
  status: string;
  prices: Record<string, number>;
  orders: { number: number; status: string }[];
  notice: string;
}

const EMPTY: State = { id: '', status: 'connecting', prices: {}, orders: [], notice: '' };
const KEPT_AS = 'board';

function reduce(before: State, update: Update): State {
  const state = { ...before, id: update.id };
  switch (update.kind) {
    case 'status':
      return { ...state, status: update.status };
    case 'gap':
      return {
        ...state,
        orders: [],
        notice: `Earlier orders are not shown (${update.gap.reason}).`,
      };
    case 'event': {
      const { type, topic, data } = update.event;
      if (type !== 'quote') return { ...state, orders: [...state.orders, data].slice(-100) };
      const symbol = decodeURIComponent(topic.split('/')[1]!);
      return { ...state, prices: { ...state.prices, [symbol]: data.price } };
    }
  }
}

@Component({
  selector: 'app-board',
  imports: [KeyValuePipe],
  template: `
    <main>
      <p id="status">{{ state().status }}</p>
      <p id="notice">{{ state().notice }}</p>
      <ul id="prices">
        @for (quote of state().prices | keyvalue; track quote.key) {
          <li>{{ quote.key }} {{ quote.value }}</li>
        }
      </ul>
      <ol id="orders">
        @for (order of state().orders; track order.number) {
          <li>{{ order.number }} {{ order.status }}</li>
        }
      </ol>
    </main>
  `,
})
export class Board {
  // State and position are kept together: a position without the state that led to it shows a hole.
  private readonly kept: State = {
    ...(JSON.parse(sessionStorage.getItem(KEPT_AS) ?? 'null') ?? EMPTY),
    status: 'connecting',
  };

  readonly state = toSignal(
    inject(LivetapeService)
      .stream({
        ...inject(LIVETAPE),
        topics: ['market/*', 'orders/*'],
        types: ['quote', 'order'],
        after: this.kept.id,
      })
      .pipe(scan(reduce, this.kept), startWith(this.kept)),
    { requireSync: true },
  );

  constructor() {
    fromEvent(window, 'pagehide')
      .pipe(takeUntilDestroyed())
      .subscribe(() => sessionStorage.setItem(KEPT_AS, JSON.stringify(this.state())));
  }
}
