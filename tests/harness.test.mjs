// The harness itself: a check that never fires proves nothing, so each strict parser must refuse
// what it is there to refuse.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ChunkDecoder } from './harness/chunks.mjs';
import { parseMetrics } from './harness/metrics.mjs';
import { randomFrom } from './harness/random.mjs';
import { parseHead, requestBytes } from './harness/raw.mjs';
import { StrictParser } from './harness/sse.mjs';
import { partsOf, signed } from './harness/tokens.mjs';
import { inTime, until } from './harness/until.mjs';

const parse = (...parts) => {
  const parser = new StrictParser();
  return parts.flatMap((part) => parser.push(Buffer.from(part, 'latin1')));
};

describe('event streams', () => {
  test('blocks come out whole, however the bytes are cut', () => {
    const text = 'retry: 2000\n\nid: a-1\nevent: gap\ndata: {}\ndata: b\n\n: hb\n\ndata: \n\n';
    const expected = [
      { retry: 2000 },
      { id: 'a-1', event: 'gap', data: '{}\nb' },
      { comment: 'hb' },
      { data: '' },
    ];
    assert.deepEqual(parse(text), expected);
    assert.deepEqual(parse(...text), expected);
  });

  for (const text of [
    'data: a\r\n\r\n',
    'data: a\r\rb\n\n',
    'data:a\n\n',
    'dat: a\n\n',
    'data\n\n',
    ':hb\n\n',
    '\n\n\n\n',
    'retry: soon\n\n',
    'id: 1\nid: 2\n\n',
    'event: a\nevent: b\n\n',
    'data: \xff\n\n',
  ]) {
    test(`${JSON.stringify(text)} is refused`, () => assert.throws(() => parse(text)));
  }
});

describe('chunks', () => {
  const decode = (text) => Buffer.concat(new ChunkDecoder().push(Buffer.from(text))).toString();

  test('well-formed ones are joined', () => {
    assert.equal(decode('3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n'), 'abc0123456789');
    const decoder = new ChunkDecoder();
    const parts = [...'2\r\nhi\r\n0\r\n\r\n'].flatMap((byte) => decoder.push(Buffer.from(byte)));
    assert.equal(Buffer.concat(parts).toString(), 'hi');
    assert.ok(decoder.done);
  });

  for (const text of [
    '3\r\nabcd\r\n',
    '3;x=y\r\nabc\r\n',
    'z\r\nabc\r\n',
    '\r\nabc\r\n',
    '0\r\n\r\nHTTP/1.1',
  ]) {
    test(`${JSON.stringify(text)} is refused`, () => assert.throws(() => decode(text)));
  }
});

describe('heads', () => {
  test('fields by lower-case name', () => {
    const head = parseHead('HTTP/1.1 404 Not Found\r\nA-b: c d\r\nE: \r\n\r\n');
    assert.deepEqual(
      [head.status, head.reason, head.headers.get('a-b'), head.headers.get('e')],
      [404, 'Not Found', 'c d', ''],
    );
  });

  for (const text of [
    'HTTP/1.1 200\r\n\r\n',
    'HTTP/1.1 200 OK\nA: b\r\n\r\n',
    'HTTP/1.1 200 OK\r\nA : b\r\n\r\n',
    'HTTP/1.1 200 OK\r\nA: b\r\na: c\r\n\r\n',
    'HTTP/1.1 200 OK\r\nA: b\r\n',
  ]) {
    test(`${JSON.stringify(text)} is refused`, () => assert.throws(() => parseHead(text)));
  }
});

test('a body is sent in UTF-8, or byte by byte, with its length in bytes', () => {
  const sent = (body) => requestBytes(80, { method: 'POST', body });
  assert.ok(sent('ü').toString('latin1').endsWith('Content-Length: 2\r\n\r\n\xc3\xbc'));
  assert.ok(
    sent(Buffer.from([0xff]))
      .toString('latin1')
      .endsWith('Length: 1\r\n\r\n\xff'),
  );
});

test('a token made by hand depends on its claims and its key', () => {
  const key = Buffer.alloc(32, 'k');
  const token = signed({ sub: 'joe' }, key);
  const [head, claims] = partsOf(token);
  assert.deepEqual([head, claims.sub], [{ alg: 'HS256', typ: 'JWT' }, 'joe']);
  assert.notEqual(signed({ sub: 'joe', exp: 1 }, key), signed({ sub: 'joe', exp: 2 }, key));
  assert.notEqual(signed({ exp: 1 }, key), signed({ exp: 1 }, key.subarray(1)));
  assert.ok(signed({}, '', { alg: 'none' }).endsWith('.'));
});

test('chance repeats itself with its seed', () => {
  const draw = (seed) => Array.from({ length: 5 }, randomFrom(seed));
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
  assert.ok(draw(7).every((number) => number >= 0 && number < 1));
});

describe('metrics', () => {
  const head = '# HELP a_total b\n# TYPE a_total counter\n';

  test('families with their samples', () => {
    const family = parseMetrics(`${head}a_total{x="1"} 2\na_total{x="2"} 3e2\n`).get('a_total');
    assert.deepEqual(
      family.samples.map(({ value }) => value),
      [2, 300],
    );
  });

  for (const text of [
    'a_total 1\n',
    `${head}a_total 1`,
    `${head}a_total 1\na_total 2\n`,
    `${head}a_total one\n`,
    `${head}a-b 1\n`,
    head + head,
    `${head}\n`,
  ]) {
    test(`${JSON.stringify(text)} is refused`, () => assert.throws(() => parseMetrics(text)));
  }
});

test('a deadline passes', async () => {
  await assert.rejects(
    until('never', () => false, { within: 30 }),
    /never/,
  );
  await assert.rejects(inTime('never', new Promise(() => {}), 30), /never/);
  assert.equal(await until('at once', () => 'yes'), 'yes');
});
