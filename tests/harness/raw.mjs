// HTTP/1.x by hand over a plain socket, so that every byte of an answer can be looked at.

import net from 'node:net';

import { ChunkDecoder } from './chunks.mjs';
import { PATIENCE_MS, inTime } from './until.mjs';

// Every answer is text in UTF-8; bytes that are not are an error.
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A TCP connection that keeps what it read until somebody takes it. */
export class RawClient {
  static async connect(port, { host = '127.0.0.1', localAddress } = {}) {
    const socket = net.connect({ port, host, localAddress, allowHalfOpen: true });
    await inTime(
      `connect to ${host}:${port}`,
      new Promise((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('error', reject);
      }),
    );
    return new RawClient(socket);
  }

  constructor(socket) {
    this.socket = socket;
    this.unread = Buffer.alloc(0);
    this.ended = false; // the peer sent FIN or RST
    this.reset = false; // it was RST
    this.wake = () => {};
    socket.on('data', (bytes) => {
      this.unread = this.unread.length ? Buffer.concat([this.unread, bytes]) : bytes;
      this.wake();
    });
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#end());
    socket.on('error', (error) => {
      this.reset = error.code === 'ECONNRESET';
      this.#end();
    });
  }

  #end() {
    this.ended = true;
    this.wake();
  }

  send(text) {
    this.socket.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
  }

  pause() {
    this.socket.pause();
  }

  resume() {
    this.socket.resume();
  }

  close() {
    this.socket.destroy();
  }

  /** Waits for more bytes or the end. */
  async more(what, within = PATIENCE_MS) {
    await inTime(what, new Promise((resolve) => (this.wake = resolve)), within);
  }

  /** Takes as many unread bytes as `find(unread)` says; -1 is not yet. */
  async take(what, find, within = PATIENCE_MS) {
    const deadline = performance.now() + within;
    for (;;) {
      const count = find(this.unread);
      if (count >= 0) {
        const taken = this.unread.subarray(0, count);
        this.unread = this.unread.subarray(count);
        return taken;
      }
      if (this.ended) throw new Error(`the connection ended before ${what}; unread: ${this}`);
      await this.more(`${what}; unread: ${this}`, deadline - performance.now());
    }
  }

  /** Takes up to and including `mark`. */
  async takeThrough(mark, within) {
    const taken = await this.take(
      JSON.stringify(mark),
      (bytes) => {
        const at = bytes.indexOf(mark, 0, 'latin1');
        return at < 0 ? -1 : at + mark.length;
      },
      within,
    );
    return taken.toString('latin1');
  }

  /** Waits until the peer ends the connection; returns what it sent before. */
  async takeAll(within = PATIENCE_MS) {
    const deadline = performance.now() + within;
    while (!this.ended) await this.more('end of the connection', deadline - performance.now());
    const taken = this.unread;
    this.unread = Buffer.alloc(0);
    return taken;
  }

  toString() {
    return JSON.stringify(this.unread.subarray(0, 300).toString('latin1'));
  }
}

/** "HTTP/1.1 200 OK\r\nA: b\r\n\r\n" as values; strict about every byte. */
export function parseHead(text) {
  const lines = text.split('\r\n');
  if (lines.pop() !== '' || lines.pop() !== '')
    throw new Error('the head ends without a blank line');
  const status = /^HTTP\/(1\.[01]) (\d{3}) ([\x20-\x7e]+)$/.exec(lines.shift());
  if (!status) throw new Error(`bad status line in ${JSON.stringify(text)}`);
  const headers = new Map();
  for (const line of lines) {
    const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([\x20-\x7e]*)$/.exec(line);
    if (!field) throw new Error(`bad header line ${JSON.stringify(line)}`);
    const name = field[1].toLowerCase();
    if (headers.has(name)) throw new Error(`header ${field[1]} twice`);
    headers.set(name, field[2]);
  }
  return { version: status[1], status: Number(status[2]), reason: status[3], headers };
}

/** The bytes of a request. `headers` replace the default Host; a value of null leaves one out. */
export function requestText(
  port,
  { method = 'GET', path = '/', version = '1.1', headers = {}, body } = {},
) {
  const fields = { Host: `127.0.0.1:${port}`, ...headers };
  if (body !== undefined && !('Content-Length' in fields) && !('Transfer-Encoding' in fields)) {
    fields['Content-Length'] = Buffer.byteLength(body);
  }
  let text = `${method} ${path} HTTP/${version}\r\n`;
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null) text += `${name}: ${value}\r\n`;
  }
  return `${text}\r\n${body ?? ''}`;
}

/** The same with a body of text in UTF-8 or of any bytes. */
export function requestBytes(port, { body, headers = {}, ...options } = {}) {
  if (body === undefined) return Buffer.from(requestText(port, { headers, ...options }), 'latin1');
  const bytes = Buffer.from(body);
  const framed = 'Content-Length' in headers || 'Transfer-Encoding' in headers;
  const fields = framed ? headers : { ...headers, 'Content-Length': bytes.length };
  const head = requestText(port, { headers: fields, ...options });
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}

async function readBody(client, headers) {
  if (headers.get('transfer-encoding') !== 'chunked') {
    const length = Number(headers.get('content-length') ?? 0);
    return client.take(`${length} bytes of body`, (bytes) =>
      bytes.length >= length ? length : -1,
    );
  }
  const decoder = new ChunkDecoder();
  const parts = [];
  // In all: a stream that was not expected sends heartbeats for ever.
  const deadline = performance.now() + PATIENCE_MS;
  while (!decoder.done) {
    const left = deadline - performance.now();
    const bytes = await client.take('the last chunk', (unread) => unread.length || -1, left);
    parts.push(...decoder.push(bytes));
  }
  return Buffer.concat(parts);
}

/** Reads one complete answer. */
export async function readAnswer(client, method = 'GET') {
  const head = parseHead(await client.takeThrough('\r\n\r\n'));
  const bodiless = method === 'HEAD' || head.status === 204 || head.status === 304;
  const text = bodiless ? '' : UTF8.decode(await readBody(client, head.headers));
  return { ...head, text, json: () => JSON.parse(text) };
}

/** One request on a connection of its own. */
export async function request(server, path, options = {}) {
  const client = await RawClient.connect(server.port, { localAddress: options.localAddress });
  try {
    client.send(requestBytes(server.port, { path, ...options }));
    return await readAnswer(client, options.method);
  } finally {
    client.close();
  }
}
