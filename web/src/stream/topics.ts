// Topics and patterns as the server has them: segments between slashes, `*` is one whole segment,
// `**` stands last and is one or more. Pure.

const PATTERN_BYTES_MAX = 256;
const SEGMENTS_MAX = 8;
const SEGMENT = /^(?:[A-Za-z0-9._:@~|+-]|%[0-9A-Fa-f]{2})+$/;

export function matches(pattern: string, topic: string): boolean {
  if (pattern === topic) return true;
  const wanted = pattern.split("/");
  const segments = topic.split("/");
  for (const [place, want] of wanted.entries()) {
    if (want === "**") return segments.length > place;
    const segment = segments[place];
    if (segment === undefined || (want !== "*" && want !== segment)) return false;
  }
  return segments.length === wanted.length;
}

/** What is wrong with a pattern that a person typed; null: nothing. */
export function patternFault(pattern: string): string | null {
  if (pattern === "") return "A pattern is missing: try market/* or jobs/**.";
  if (new TextEncoder().encode(pattern).length > PATTERN_BYTES_MAX) {
    return `A pattern has at most ${PATTERN_BYTES_MAX} bytes.`;
  }
  const segments = pattern.split("/");
  if (segments.length > SEGMENTS_MAX) return `A pattern has at most ${SEGMENTS_MAX} segments.`;
  for (const [place, segment] of segments.entries()) {
    if (segment === "*") continue;
    if (segment === "**") {
      if (place === segments.length - 1) continue;
      return "** can only stand last.";
    }
    if (!SEGMENT.test(segment)) {
      return segment === ""
        ? "A segment is empty: write topics as market/AAPL."
        : `${segment} has characters that a topic cannot have; write them as %XX.`;
    }
  }
  return null;
}

/** A name as one segment of a topic: "BTC/USD" is "BTC%2FUSD". */
export function encodeSegment(name: string): string {
  let out = "";
  for (const byte of new TextEncoder().encode(name)) {
    const character = String.fromCharCode(byte);
    out += SEGMENT.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}

/** The name that a segment stands for; the segment itself where its escapes are broken. */
export function decodeSegment(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}
