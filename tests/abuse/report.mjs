// The table of a run: medians over the runs of each abuse.

const MIB = 2 ** 20;
const RATIO_MAX = 2;
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const of = (runs, pick) => median(runs.map(pick));

export const ratioOf = (runs) => of(runs, ({ p99 }) => p99[1] / p99[0]);

export const HEAD =
  '| abuse | s | p99 of the healthy before, during, after (ms) | ratio | slowest /healthz (ms) | ' +
  'MiB before, at most, after | back after (s) |\n|---|--:|--:|--:|--:|--:|--:|';

export function row(name, runs) {
  const ms = (pick) => of(runs, pick).toFixed(1);
  const mib = (pick) => (of(runs, pick) / MIB).toFixed(1);
  const p99 = [0, 1, 2].map((phase) => ms((run) => run.p99[phase])).join(', ');
  const memory = ['before', 'peak', 'after'].map((when) => mib((run) => run.resident[when])).join(', ');
  const cells = [
    name,
    of(runs, (run) => run.seconds).toFixed(0),
    p99,
    ratioOf(runs).toFixed(2),
    ms((run) => run.slowestHealthMs),
    memory,
    (of(runs, (run) => run.returnedMs) / 1000).toFixed(1),
  ];
  return `| ${cells.join(' | ')} |`;
}

export const counted = ({ counts, records, refused }) =>
  [
    ...Object.entries(counts).map(([what, count]) => `${count} ${what}`),
    `${records} healthy records${refused ? `, ${refused} refused` : ''}`,
  ].join(', ');

/** What is beyond its target. */
export const overTarget = (table) =>
  table.filter(({ runs }) => ratioOf(runs) > RATIO_MAX).map(({ name }) => name);
