// Event streams, read byte by byte and more strictly than any client: exactly what the contract
// says a server writes is accepted, not all that the standard lets a client forgive.

import { ChunkDecoder } from './chunks.mjs';
import { RawClient, parseHead, requestText } from './raw.mjs';
import { PATIENCE_MS } from './until.mjs';

const SPACED_FIELD = /^(data|event|id|retry): (.*)$/s;

/** Takes bytes, gives blocks: {data, event, id, retry, comment}, absent fields undefined. */
export class StrictParser {
  #rest = '';
  #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  push(bytes) {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    if (this.#rest.includes('\r'))
      throw new Error(`CR in the stream: ${JSON.stringify(this.#rest)}`);
    const blocks = this.#rest.split('\n\n');
    this.#rest = blocks.pop();
    return blocks.map(parseBlock);
  }

  /** True between two events. */
  get atRest() {
    return this.#rest === '';
  }
}

function parseBlock(text) {
  const block = {};
  for (const line of text.split('\n')) {
    if (line.startsWith(':')) {
      if (!line.startsWith(': ')) throw new Error(`comment without space: ${JSON.stringify(line)}`);
      block.comment = line.slice(2);
      continue;
    }
    const field = SPACED_FIELD.exec(line);
    if (!field) throw new Error(`not a field of an event stream: ${JSON.stringify(line)}`);
    const [, name, value] = field;
    if (name === 'data') {
      block.data = block.data === undefined ? value : `${block.data}\n${value}`;
    } else {
      if (name in block) throw new Error(`field ${name} twice in ${JSON.stringify(text)}`);
      if (name === 'retry' && !/^\d+$/.test(value)) throw new Error(`bad retry ${value}`);
      block[name] = name === 'retry' ? Number(value) : value;
    }
  }
  return block;
}

/** An open stream: its head, the bytes of the first read, and its blocks in order. */
export class EventStream {
  static async open(server, path, { headers = {}, version = '1.1', localAddress } = {}) {
    const client = await RawClient.connect(server.port, { localAddress });
    client.send(requestText(server.port, { path, version, headers }));
    await client.more(`first bytes of ${path}`);
    const firstRead = client.unread;
    const head = parseHead(await client.takeThrough('\r\n\r\n'));
    return new EventStream(client, head, firstRead);
  }

  constructor(client, head, firstRead) {
    Object.assign(this, { client, head, firstRead });
    this.blocks = []; // read and not yet taken by next()
    this.chunks = head.headers.get('transfer-encoding') === 'chunked' ? new ChunkDecoder() : null;
    this.parser = new StrictParser();
    this.bytesRead = 0;
  }

  #decode() {
    const bytes = this.client.unread;
    this.client.unread = Buffer.alloc(0);
    this.bytesRead += bytes.length;
    for (const part of this.chunks ? this.chunks.push(bytes) : [bytes]) {
      this.blocks.push(...this.parser.push(part));
    }
  }

  /**
   * The next block that `accept` likes; those before it are dropped.
   * @param {(block: any) => boolean} accept
   */
  async next(what, accept = () => true, within = PATIENCE_MS) {
    const deadline = performance.now() + within;
    for (;;) {
      this.#decode();
      while (this.blocks.length) {
        const block = this.blocks.shift();
        if (accept(block)) return block;
      }
      if (this.client.ended) throw new Error(`the stream ended before ${what}`);
      await this.client.more(what, deadline - performance.now());
    }
  }

  /** The next `count` blocks that `accept` likes. */
  async take(what, count, accept) {
    const taken = [];
    while (taken.length < count)
      taken.push(await this.next(`${what} ${taken.length + 1} of ${count}`, accept));
    return taken;
  }

  /** All blocks up to the end of the stream. */
  async rest(within = PATIENCE_MS) {
    const deadline = performance.now() + within;
    for (;;) {
      this.#decode();
      if (this.client.ended) return this.blocks.splice(0);
      await this.client.more('end of the stream', deadline - performance.now());
    }
  }

  /** Ended as HTTP says a complete answer ends, between two events. */
  get endedCleanly() {
    return (
      this.client.ended && !this.client.reset && this.parser.atRest && (this.chunks?.done ?? true)
    );
  }

  close() {
    this.client.close();
  }
}

/** A stream for one test. */
export async function openStream(t, server, path, options) {
  const stream = await EventStream.open(server, path, options);
  t.after(() => stream.close());
  return stream;
}

/** Blocks of one event name. */
export const named =
  (...names) =>
  (block) =>
    names.includes(block.event);

/** The data of a block. */
export const payload = (block) => JSON.parse(block.data);

/** What a market stream sends for a price. */
export const isPrice = (block) => block.data !== undefined && block.event === undefined;
