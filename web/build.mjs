// Makes the page one self-contained file: node build.mjs [OUTPUT] (default dist/index.html).
//
// Script and style are inlined; the page's own Content-Security-Policy names them by hash, so that
// nothing else can run in it or be loaded by it.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const output = process.argv[2] ?? join(here, "dist", "index.html");

async function bundle(entry) {
  const result = await build({
    entryPoints: [join(here, "src", entry)],
    bundle: true,
    minify: true,
    write: false,
    charset: "utf8",
    target: "es2022",
    format: "iife",
  });
  const text = result.outputFiles[0].text.trim();
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`${entry} would end its own element`);
  return text;
}

const hashOf = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const script = await bundle("main.ts");
const style = await bundle("style.css");
const parts = {
  script,
  style,
  policy: [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; "),
};

const page = readFileSync(join(here, "index.html"), "utf8").replace(
  /\{\{(script|style|policy)\}\}/g,
  (_, name) => parts[name],
);
mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, page);
