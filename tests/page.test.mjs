// How the page of `/` is served. What it shows and does is tested in a browser, in tests/page/.

import assert from 'node:assert/strict';
import { get } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { Server } from './harness/server.mjs';
import { PATIENCE_MS } from './harness/until.mjs';

// Of the script and style that any one page needs, as they come over the wire.
const GZIP_BYTES_MAX = 130 * 1024;
const PAGES = ['market', 'trading', 'jobs', 'risk', 'notifications', 'developers', 'about'];

const ask = (server, path, headers = {}) =>
  fetch(server.url + path, {
    // Undici decodes what it asked for by itself; `identity` keeps the bytes as they are.
    headers: { 'Accept-Encoding': 'identity', ...headers },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });

const namedIn = (text) => [...text.matchAll(/["'`(]\/?(assets\/[\w.-]+-[\w-]{8}\.\w+)["'`)]/g)];

/** Path and text of every file that the page can come to ask for, from `/` on. */
async function filesOf(server) {
  const files = new Map();
  const waiting = ['/'];
  for (let path = waiting.pop(); path; path = waiting.pop()) {
    if (files.has(path)) continue;
    const answer = await ask(server, path);
    assert.equal(answer.status, 200, path);
    const text = await answer.text();
    files.set(path, text);
    waiting.push(...namedIn(text).map(([, name]) => `/${name}`));
    // Chunks name each other by "./name.js".
    if (path.endsWith('.js')) {
      const near = [...text.matchAll(/["'`]\.\/([\w.-]+-[\w-]{8}\.(?:js|css))["'`]/g)];
      waiting.push(...near.map(([, name]) => `/assets/${name}`));
    }
  }
  return files;
}

describe('the files of the page', () => {
  let server;
  let files;
  before(async () => {
    server = await Server.start(['--source', 'none']);
    files = await filesOf(server);
  });
  after(() => server.stop());

  test('are a document, script and style, and nothing from elsewhere', () => {
    assert.match(files.get('/'), /^<!doctype html>/i);
    const ends = [...files.keys()].map((path) => path.split('.').at(-1));
    assert.ok(ends.includes('js') && ends.includes('css'), `${[...files.keys()]}`);
    assert.ok(files.size > PAGES.length, 'each page is a file of its own');
    assert.doesNotMatch(files.get('/'), /(src|href)="https?:\/\//);
    assert.doesNotMatch(files.get('/'), /<style|style="|<script(?![^>]* src=)/, 'nothing is inline');
  });

  test('that a page needs are together small enough', async () => {
    const sizes = new Map();
    for (const path of files.keys()) sizes.set(path, (await packedBytes(server, path, 'gzip')).bytes.length);
    const named = (start, end) =>
      [...files.keys()].filter((path) => path.startsWith(`/assets/${start}`) && path.endsWith(end));
    for (const page of PAGES) {
      const chunk = `${page[0].toUpperCase()}${page.slice(1)}Page-`;
      const needed = new Set([...named('worker-', '.js'), ...named('index-', '.css'), ...named(chunk, '.css')]);
      for (const path of [...named('index-', '.js'), ...named(chunk, '.js')]) addImports(path, needed);
      const sum = [...needed].reduce((all, path) => all + sizes.get(path), 0);
      assert.ok(sum > 50_000 && sum <= GZIP_BYTES_MAX, `${page}: ${sum} bytes of gzip`);
    }
  });

  function addImports(path, found) {
    if (found.has(path)) return;
    found.add(path);
    for (const [, name] of files.get(path).matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g)) {
      addImports(`/assets/${name}`, found);
    }
  }

  test('say what they are, and what may run in them', async () => {
    for (const path of files.keys()) {
      const { headers } = await ask(server, path);
      const policy = headers.get('content-security-policy');
      for (const directive of [
        "default-src 'self'",
        "script-src 'self'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ]) {
        assert.ok(policy.split('; ').includes(directive), `${path}: ${directive}`);
      }
      assert.doesNotMatch(policy, /unsafe|https?:|\*/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('referrer-policy'), 'no-referrer');
      assert.deepEqual(headers.get('vary').split(', ').sort(), ['Accept-Encoding', 'Origin']);
      assert.equal(
        headers.get('cache-control'),
        path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        path,
      );
    }
  });

  test('come packed to who takes that', async () => {
    const unpack = { br: brotliDecompressSync, gzip: gunzipSync };
    for (const [path, text] of files) {
      for (const coding of ['br', 'gzip']) {
        const packed = await packedBytes(server, path, coding);
        // A file of a few bytes may have nothing to pack.
        assert.ok(packed.coding === coding || Buffer.byteLength(text) < 300, path);
        if (packed.coding !== coding) continue;
        assert.equal(unpack[coding](packed.bytes).toString(), text, path);
      }
    }
  });

  test('are sent again only when they have changed', async () => {
    const first = await ask(server, '/');
    const tag = first.headers.get('etag');
    assert.match(tag, /^"[^"]+"$/);
    const second = await ask(server, '/', { 'If-None-Match': tag });
    assert.equal(second.status, 304);
    assert.equal(await second.text(), '');
    assert.equal((await ask(server, '/', { 'If-None-Match': '"other"' })).status, 200);
  });

  test('of another version are not found, and that is not remembered', async () => {
    const answer = await ask(server, '/assets/index-00000000.js');
    assert.equal(answer.status, 404);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.match((await answer.json()).detail, /reload/);
  });
});

/** The body as it comes over the wire: fetch would decode it. */
function packedBytes(server, path, coding) {
  return new Promise((resolve, reject) => {
    const request = get(server.url + path, { headers: { 'Accept-Encoding': coding } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ bytes: Buffer.concat(parts), coding: answer.headers['content-encoding'] }),
      );
    });
    request.setTimeout(PATIENCE_MS, () => request.destroy(new Error(`${path}: no answer`)));
    request.on('error', reject);
  });
}
