// How many came when: counts in buckets of 100 ms, and what they look like.

const BUCKET_MS = 100;
const BAR_MOST = 60;

export class Histogram {
  counts = [];

  add(ms) {
    const bucket = Math.max(0, Math.floor(ms / BUCKET_MS));
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
  }

  get total() {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  get largest() {
    return this.counts.reduce((most, count) => Math.max(most, count), 0);
  }

  /** The mean of the buckets of a window. */
  meanOver(windowMs) {
    return this.total / (windowMs / BUCKET_MS);
  }

  /** One line for each half second: how many, the most and the least of its buckets. */
  text() {
    const lines = [];
    const each = 5;
    const sums = [];
    for (let i = 0; i < this.counts.length; i += each) {
      const part = Array.from({ length: each }, (_, j) => this.counts[i + j] ?? 0);
      sums.push(part);
    }
    const most = Math.max(...sums.map((part) => part.reduce((a, b) => a + b)));
    for (const [i, part] of sums.entries()) {
      const sum = part.reduce((a, b) => a + b);
      const from = ((i * each * BUCKET_MS) / 1000).toFixed(1).padStart(5);
      const range = `${Math.min(...part)} to ${Math.max(...part)}`.padStart(10);
      const bar = '#'.repeat(Math.round((sum / most) * BAR_MOST));
      lines.push(`${from} s ${String(sum).padStart(5)}  ${range}  ${bar}`.trimEnd());
    }
    return lines.join('\n');
  }
}
