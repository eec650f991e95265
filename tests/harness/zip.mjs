// Zip archives for tests: members are stored as they are (APPNOTE.TXT, section 4.3).

import { crc32 } from 'node:zlib';

function fields(...numbers) {
  const out = Buffer.alloc(numbers.reduce((sum, [, bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [value, bytes] of numbers) at = out.writeUIntLE(value, at, bytes);
  return out;
}

/** The archive of [name, content] pairs. */
export function zipOf(members) {
  const files = [];
  const list = [];
  let at = 0;
  for (const [name, content] of members) {
    const bytes = Buffer.from(content);
    const title = Buffer.from(name);
    const head = fields(
      ...[[20, 2], [0, 2], [0, 2], [0, 2], [0x21, 2], [crc32(bytes), 4], [bytes.length, 4]],
      ...[[bytes.length, 4], [title.length, 2], [0, 2]],
    );
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), head, title, bytes]);
    list.push(
      Buffer.concat([
        ...[Buffer.from('PK\x01\x02'), fields([20, 2]), head],
        ...[fields([0, 2], [0, 2], [0, 2], [0, 4], [at, 4]), title],
      ]),
    );
    files.push(file);
    at += file.length;
  }
  const directory = Buffer.concat(list);
  const end = fields(
    ...[[0, 2], [0, 2], [members.length, 2], [members.length, 2]],
    ...[[directory.length, 4], [at, 4], [0, 2]],
  );
  return Buffer.concat([...files, directory, Buffer.from('PK\x05\x06'), end]);
}
