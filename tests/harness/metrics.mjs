// The Prometheus text format, strictly: https://prometheus.io/docs/instrumenting/exposition_formats

import { request } from './raw.mjs';

const SAMPLE =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (\S+)$/;
const SUFFIXES = /_(bucket|sum|count)$/;

/** Families by name: {help, type, samples: [{name, labels, value}]}. Throws on irregular text. */
export function parseMetrics(text) {
  if (!text.endsWith('\n')) throw new Error('the last line has no LF');
  const families = new Map();
  const seen = new Set();
  for (const line of text.slice(0, -1).split('\n')) {
    const note = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(line);
    if (note) {
      const [, kind, name, value] = note;
      const family = families.get(name) ?? { samples: [] };
      if (family[kind.toLowerCase()] !== undefined) throw new Error(`${kind} of ${name} twice`);
      family[kind.toLowerCase()] = value;
      families.set(name, family);
      continue;
    }
    const sample = SAMPLE.exec(line);
    if (!sample) throw new Error(`not a metric line: ${JSON.stringify(line)}`);
    const [, name, labels = '', number] = sample;
    const value = number === '+Inf' ? Infinity : Number(number);
    if (Number.isNaN(value)) throw new Error(`not a number: ${JSON.stringify(line)}`);
    if (seen.has(name + labels)) throw new Error(`${name}${labels} twice`);
    seen.add(name + labels);
    const family = families.get(name) ?? families.get(name.replace(SUFFIXES, ''));
    if (!family?.type) throw new Error(`${name} comes before its TYPE`);
    family.samples.push({ name, labels, value });
  }
  return families;
}

export async function readMetrics(server) {
  return parseMetrics((await request(server, '/metrics')).text);
}

/** The sum over all labels of one counter or gauge. Throws where there is none. */
export async function metric(server, name) {
  const family = (await readMetrics(server)).get(name);
  if (!family) throw new Error(`no metric ${name}`);
  return family.samples.reduce((sum, sample) => sum + sample.value, 0);
}
