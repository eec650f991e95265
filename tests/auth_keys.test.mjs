// Keys and what leaks: RS256, ES256, key sets, keys that change on disk, tokens and the log.

import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { bearer, post } from './harness/api.mjs';
import { livetape } from './harness/command.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { request } from './harness/raw.mjs';
import { Server, serve } from './harness/server.mjs';
import { EventStream } from './harness/sse.mjs';
import { mint, nowSeconds, signed } from './harness/tokens.mjs';
import { until } from './harness/until.mjs';

const JWT = ['--source', 'none', '--set', 'server.drain_s=0.5', '--set', 'auth.mode=jwt'];
const folder = temporaryFolder();

const setting = (...settings) => settings.flatMap((each) => ['--set', each]);
const pemOf = (key) => key.export({ type: 'spki', format: 'pem' });
const status = async (server, token) =>
  (await request(server, '/api/v1/quotes', { headers: bearer(token) })).status;

/** Writes a key file the way an operator replaces one: whole, at once. */
function writeKey(name, content) {
  const file = join(folder, name);
  writeFileSync(`${file}.new`, content, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return file;
}

const secretText = (secret) => `${secret.toString('base64url')}\n`;

describe('algorithms', () => {
  const makePair = {
    RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  };
  for (const [alg, make] of Object.entries(makePair)) {
    test(`${alg}: the public key of a file lets in what its private key signed`, async (t) => {
      const { publicKey, privateKey } = make();
      const file = writeKey(`${alg}.pem`, pemOf(publicKey));
      const keys = setting(`auth.jwt_alg=${alg}`, `auth.jwt_key_file=${file}`);
      const server = await serve(t, [...JWT, ...keys]);
      assert.equal(await status(server, signed({}, privateKey, { alg })), 200);
      assert.equal(await status(server, signed({}, make().privateKey, { alg })), 401);
      // The public key is public: whoever takes it for an HMAC secret must not get in.
      const confused = signed({}, pemOf(publicKey));
      assert.equal(await status(server, confused), 401);
      const mixed = signed({}, pemOf(publicKey), { header: { alg } });
      assert.equal(await status(server, mixed), 401);
    });

    test(`${alg}: of a key set the one that kid names is asked`, async (t) => {
      const [first, second, stranger] = [make(), make(), make()];
      const jwk = ({ publicKey }, more) => ({ ...publicKey.export({ format: 'jwk' }), ...more });
      const set = {
        keys: [
          jwk(first, { kid: 'one', use: 'sig', alg }),
          jwk(second, { kid: 'two' }),
          { kty: 'strange', kid: 'three' },
        ],
      };
      const file = writeKey(`${alg}.jwks`, JSON.stringify(set));
      const keys = setting(`auth.jwt_alg=${alg}`, `auth.jwks_file=${file}`);
      const server = await serve(t, [...JWT, ...keys]);
      const by = ({ privateKey }, kid) =>
        status(server, signed({}, privateKey, { alg, header: { kid } }));
      assert.deepEqual(
        [await by(first, 'one'), await by(second, 'two'), await by(second, 'one')],
        [200, 200, 401],
      );
      assert.deepEqual([await by(stranger, 'one'), await by(first, 'four')], [401, 401]);
    });
  }

  test('a weak or broken key stops the start, saying why', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
    for (const [alg, content, reason] of [
      ['HS256', 'short', /32/],
      ['HS256', '', /32|empty/],
      ['RS256', pemOf(weak.publicKey), /2048/],
      ['RS256', 'no key at all', /PEM|key/],
      ['ES256', pemOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey), /P-256/],
    ]) {
      const file = writeKey('bad.key', content);
      const keys = setting(`auth.jwt_alg=${alg}`, `auth.jwt_key_file=${file}`);
      const { status: exit, stderr } = await livetape(['serve', '--port', '0', ...JWT, ...keys]);
      assert.equal(exit, 1, stderr);
      assert.ok(stderr.includes(file), stderr);
      assert.match(stderr, reason);
    }
  });
});

describe('a key file that changes', () => {
  test('is read again; a broken one leaves the keys as they were', async (t) => {
    const [old, next] = [randomBytes(32), randomBytes(32)];
    const file = writeKey('turning.key', secretText(old));
    const server = await serve(t, [...JWT, ...setting(`auth.jwt_key_file=${file}`)]);
    assert.equal(await status(server, signed({}, old)), 200);
    assert.equal(await status(server, signed({}, next)), 401);

    writeKey('turning.key', secretText(next));
    await until('the new key counts', async () => (await status(server, signed({}, next))) === 200);
    assert.equal(await status(server, signed({}, old)), 401);

    writeKey('turning.key', 'short');
    await until('the fault is logged', () => server.stderr.includes('turning.key'));
    assert.equal(await status(server, signed({}, next)), 200);
  });
});

/** A stream that has greeted. */
async function open(server, path, headers) {
  const stream = await EventStream.open(server, path, { headers });
  assert.equal(stream.head.status, 200);
  await stream.next('the greeting', (block) => block.id !== undefined);
  return stream;
}

test('no token ever appears in the log, however it was sent', async () => {
  for (const format of ['text', 'json']) {
    const log = setting('log.level=debug', 'log.streams=true', `log.format=${format}`);
    const server = await Server.start([...JWT, ...log]);
    const good = await mint(server, 'alice', { scope: 'subscribe publish', sid: 'session-1' });
    const expired = signed({ exp: nowSeconds() - 1000 }, randomBytes(32));
    for (const token of [good, expired]) {
      const query = `token=${token}`;
      for (const headers of [bearer(token), { Cookie: `livetape_token=${token}` }]) {
        await request(server, '/api/v1/quotes', { headers });
        await request(server, '/nowhere', { headers });
        await request(server, '/api/v1/stream?topics=**', { headers });
        await post(server, '/api/v1/publish', '{', { headers });
      }
      await request(server, `/api/v1/quotes?${query}`);
      await request(server, `/nowhere?${query}`);
      await request(server, `/api/v1/events?categories=x&${query}`);
      await request(server, `/api/v1/quotes?${query}`, { headers: { Host: 'evil.example' } });
      await request(server, `/api/v1/quotes?${query}`, { version: '1.9' });
      await request(server, `/${'x'.repeat(17_000)}?${query}`);
    }
    const opened = [
      await open(server, `/api/v1/stream?topics=a/*&token=${good}`),
      await open(server, '/api/v1/sse/training', bearer(good)),
    ];
    opened[0].close();
    await server.stop();
    opened[1].close();
    const text = server.stdout + server.stderr;
    assert.match(text, /\/api\/v1\/stream\b/, 'streams are in the log');
    assert.match(text, /\/api\/v1\/quotes\b/, 'requests are in the log');
    for (const token of [good, expired]) {
      const [head, body, signature] = token.split('.');
      for (const part of [signature, body, `${head}.`]) assert.ok(!text.includes(part), format);
    }
    assert.ok(!text.includes('token='));
    for (const line of format === 'json' ? server.stderr.trimEnd().split('\n') : [])
      assert.equal(typeof JSON.parse(line), 'object', line);
  }
});
