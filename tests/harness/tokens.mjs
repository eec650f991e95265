// Tokens: those that `livetape token` makes, and any other, good or forged, signed by hand.

import assert from 'node:assert/strict';
import { createHmac, sign } from 'node:crypto';

import { livetape } from './command.mjs';

/** `livetape token ...` on the key of this server; `topics` is an array. */
export async function mint(server, sub, { scope = 'subscribe', ttl = '1h', sid, topics } = {}) {
  const args = ['token', '--sub', sub, '--scope', scope, '--ttl', ttl];
  if (sid !== undefined) args.push('--sid', sid);
  if (topics !== undefined) args.push('--topics', topics.join(','));
  const { status, stdout, stderr } = await livetape([...args, '--data-dir', server.dataDir]);
  assert.equal(status, 0, stderr);
  const token = stdout.trimEnd();
  assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
  return token;
}

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
export const partsOf = (token) =>
  token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));

const SIGNERS = {
  none: () => Buffer.alloc(0),
  HS256: (bytes, key) => createHmac('sha256', key).update(bytes).digest(),
  HS512: (bytes, key) => createHmac('sha512', key).update(bytes).digest(),
  RS256: (bytes, key) => sign('sha256', bytes, key),
  ES256: (bytes, key) => sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }),
};

export const nowSeconds = () => Math.floor(Date.now() / 1000);

/** A token (RFC 7519). `exp` is in an hour unless the claims say otherwise; undefined leaves it out. */
export function signed(claims, key, { alg = 'HS256', header = {} } = {}) {
  const head = encode({ alg, typ: 'JWT', ...header });
  const body = encode({ sub: 'alice', scope: 'subscribe', exp: nowSeconds() + 3600, ...claims });
  const signature = SIGNERS[alg](Buffer.from(`${head}.${body}`), key).toString('base64url');
  return `${head}.${body}.${signature}`;
}
