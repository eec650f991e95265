// What the driver tells: counts, the last operations, progress, and all of it at the end.

const OPERATIONS_KEPT = 400;
const OPERATIONS_SHOWN = 60;

export class Report {
  constructor(write = (text) => process.stdout.write(text)) {
    this.write = write;
    this.began = performance.now();
    this.counts = new Map();
    this.operations = [];
    this.residentMax = 0;
  }

  get seconds() {
    return (performance.now() - this.began) / 1000;
  }

  count(what, by = 1) {
    this.counts.set(what, (this.counts.get(what) ?? 0) + by);
  }

  of(what) {
    return this.counts.get(what) ?? 0;
  }

  /** Notes one operation: counted under `what`, and remembered for a while with its particulars. */
  operation(who, what, particulars = '') {
    this.count(what);
    this.note(who, what, particulars);
  }

  /** Remembers without counting. */
  note(who, what, particulars = '') {
    this.operations.push(`${this.seconds.toFixed(3).padStart(9)} s  ${who}: ${what} ${particulars}`);
    if (this.operations.length > 2 * OPERATIONS_KEPT)
      this.operations.splice(0, OPERATIONS_KEPT);
  }

  resident(bytes) {
    this.residentMax = Math.max(this.residentMax, bytes);
  }

  line(text) {
    this.write(`${text}\n`);
  }

  progress(round, seconds) {
    const faults = [...this.counts].filter(([name]) => name.startsWith('fault '));
    this.line(
      `${this.seconds.toFixed(0).padStart(5)}/${seconds} s  round ${round}  ` +
        `${this.of('records acknowledged')} acknowledged, ${this.of('records delivered')} delivered, ` +
        `${this.of('orders acknowledged')} orders, ${this.of('streams resumed')} resumes, ` +
        `${faults.reduce((sum, [, count]) => sum + count, 0)} faults, ` +
        `RSS max ${this.#mib()} MiB`,
    );
  }

  #mib() {
    return (this.residentMax / 2 ** 20).toFixed(1);
  }

  summary() {
    this.line('');
    for (const [name, count] of [...this.counts].sort()) {
      this.line(`  ${String(count).padStart(10)}  ${name}`);
    }
    this.line(`  ${this.#mib().padStart(10)}  MiB of resident memory at most`);
    this.line(`  ${this.seconds.toFixed(1).padStart(10)}  seconds in all`);
  }

  lastOperations() {
    this.line(`\nThe last operations:`);
    for (const text of this.operations.slice(-OPERATIONS_SHOWN)) this.line(`  ${text}`);
  }
}
