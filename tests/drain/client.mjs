// A browser's EventSource, as small as can be, so that one process can be ten thousand: it comes back
// after the last `retry:` it was told, with the last id it has seen, for as long as it takes.

import net from 'node:net';

const HEAD_END = '\r\n\r\n';

export class Client {
  /** `watch` is told: arrived(), ended(listened, retryMs), returning(). */
  constructor(port, path, address, watch) {
    Object.assign(this, { port, path, address, watch, lastId: undefined, retryMs: 3000 });
    Object.assign(this, { latest: -1, faults: [], listening: false, told: false, over: false });
  }

  open() {
    this.text = '';
    this.inBody = false;
    this.socket = net.connect({ port: this.port, host: '127.0.0.1', localAddress: this.address });
    this.socket.setEncoding('latin1');
    this.socket.on('connect', () => this.#ask());
    this.socket.on('data', (text) => this.#take(text));
    this.socket.on('error', () => {}); // its end is told by 'close'
    this.socket.on('close', () => this.#ended());
  }

  #ask() {
    const cursor = this.lastId === undefined ? '' : `Last-Event-ID: ${this.lastId}\r\n`;
    const host = `Host: 127.0.0.1:${this.port}\r\n`;
    this.socket.write(`GET ${this.path} HTTP/1.1\r\n${host}${cursor}\r\n`);
  }

  #take(text) {
    this.text += text;
    if (!this.inBody) {
      const end = this.text.indexOf(HEAD_END);
      if (end < 0) return;
      if (!this.text.startsWith('HTTP/1.1 200 '))
        this.faults.push(this.text.slice(0, 20));
      this.text = this.text.slice(end + HEAD_END.length);
      this.inBody = true;
      this.listening = true;
      this.told = false;
      this.watch.arrived();
    }
    // Heads of chunks are lines of hexadecimals, which are no field of an event.
    const end = this.text.lastIndexOf('\n');
    if (end < 0) return;
    const lines = this.text.slice(0, end).split('\n');
    this.text = this.text.slice(end + 1);
    for (const line of lines) this.#line(line.trimEnd());
  }

  #line(line) {
    if (line.startsWith('id: ')) this.lastId = line.slice(4);
    else if (line.startsWith('retry: ')) this.retryMs = Number(line.slice(7));
    else if (line === 'event: drain') this.told = true;
    else if (line === 'event: gap') this.faults.push('gap');
    else if (line.startsWith('data: {"topic"')) this.#record(/"n":(\d+)/.exec(line)[1]);
  }

  #record(text) {
    const n = Number(text);
    if (this.latest >= 0 && n !== this.latest + 1) this.faults.push(`${n} after ${this.latest}`);
    this.latest = n;
  }

  #ended() {
    if (this.over) return;
    const listened = this.listening;
    this.listening = false;
    if (listened && !this.told) this.faults.push('the end without drain');
    this.watch.ended(listened, this.retryMs);
    setTimeout(() => {
      if (this.over) return;
      this.watch.returning();
      this.open();
    }, this.retryMs);
  }

  close() {
    this.over = true;
    this.socket.destroy();
  }
}
