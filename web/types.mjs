// Writes src/api/schema.d.ts, the types of the API's bodies, from /openapi.json (paths are left out:
// src/api has a function for each):
//   node types.mjs [--check] FILE | http://127.0.0.1:8000
// FILE is such a document; an address is that of a running livetape. With --check nothing is written:
// the exit status tells whether the file is what it should be.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import openapiTypescript, { astToString } from "openapi-typescript";

const check = process.argv.includes("--check");
const places = process.argv.slice(2).filter((word) => word !== "--check");
const from = places[0] ?? process.env["LIVETAPE_URL"] ?? "http://127.0.0.1:8000";
const output = join(dirname(fileURLToPath(import.meta.url)), "src", "api", "schema.d.ts");

async function documentOf(place) {
  if (!place.startsWith("http")) return JSON.parse(readFileSync(place, "utf8"));
  const response = await fetch(new URL("/openapi.json", place), {
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`${place}/openapi.json answered ${response.status}`);
  return response.json();
}

const { components, ...rest } = await documentOf(from);
const bodies = { ...rest, paths: {}, components: { schemas: components.schemas } };
const tree = await openapiTypescript(bodies, { alphabetize: true });
const head = "// Made by `npm run types` from the server's /openapi.json; not edited by hand.\n\n";
const text = head + astToString(tree);
if (!check) writeFileSync(output, text);
else if (readFileSync(output, "utf8") !== text) {
  throw new Error(
    "src/api/schema.d.ts is not what /openapi.json says: run `npm run types` in web/",
  );
}
