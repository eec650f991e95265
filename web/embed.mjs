// Writes the built page as C++: node embed.mjs FOLDER OUTPUT.cc
//
// Every file of FOLDER becomes a row of livetape::web::kPageFiles (embed/web/page.h), with its gzip
// and brotli bytes, so that the server compresses nothing. The gzip is zopfli's: browsers take brotli
// over TLS and from their own machine only, and a page over the plain network should be small as well.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
};

const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });

const gzip = (path) => execFileSync("zopfli", ["-c", path], { maxBuffer: 2 ** 26 });

/** The packed bytes, if that is worth an encoding: at least a tenth smaller. */
const ifSmaller = (packed, bytes) =>
  packed.length < bytes.length * 0.9 ? packed : Buffer.alloc(0);

function literal(bytes) {
  const lines = [];
  for (let i = 0; i < bytes.length; i += 32) {
    let line = "";
    for (const byte of bytes.subarray(i, i + 32)) {
      const character = String.fromCharCode(byte);
      line += /[A-Za-z0-9 ]/.test(character) ? character : `\\${byte.toString(8).padStart(3, "0")}`;
    }
    lines.push(`    "${line}"`);
  }
  return lines.length === 0 ? '    ""' : lines.join("\n");
}

const [folder, output] = process.argv.slice(2);
if (!folder || !output) throw new Error("usage: node embed.mjs FOLDER OUTPUT.cc");

const names = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
  .map((name) => name.split(sep).join("/"))
  .sort();

const literals = [];
const rows = [];
const embed = (name, bytes) => {
  if (bytes.length === 0) return "{}";
  literals.push(`constexpr char ${name}[] =\n${literal(bytes)};`);
  return `{${name}, sizeof(${name}) - 1}`;
};
for (const [i, name] of names.entries()) {
  const type = TYPES[extname(name)];
  if (!type) throw new Error(`${name}: embed.mjs knows no content type for it`);
  const path = join(folder, name);
  const bytes = readFileSync(path);
  const tag = createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
  const fields = [
    JSON.stringify(name === "index.html" ? "/" : `/${name}`),
    JSON.stringify(type),
    JSON.stringify(tag),
    String(/^assets\/.*-[\w-]{8}\.\w+$/.test(name)),
    embed(`kIdentity${i}`, bytes),
    embed(`kGzip${i}`, ifSmaller(gzip(path), bytes)),
    embed(`kBrotli${i}`, ifSmaller(brotli(bytes), bytes)),
  ];
  rows.push(`    {${fields.join(", ")}},`);
}

writeFileSync(
  output,
  `#include "web/page.h"

namespace livetape::web {
namespace {

${literals.join("\n")}

constexpr PageFile kFiles[] = {
${rows.join("\n")}
};

}  // namespace

constinit const std::span<const PageFile> kPageFiles(kFiles);

}  // namespace livetape::web
`,
);
