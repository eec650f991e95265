// Lines to copy that do in a shell, in JavaScript and in Python what the page does. Pure.

import type { Call } from "./publication.ts";

export const LANGUAGES = ["curl", "JavaScript", "Python"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Where to send it, and whether the server asks for a token. */
export interface Address {
  readonly origin: string;
  readonly token: boolean;
}

/** For a POSIX shell: nothing in it is special but the quote itself. */
const inShell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const inPython = (text: string): string =>
  `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

export function publishLines(language: Language, { origin, token }: Address, call: Call): string {
  const url = origin + call.path;
  switch (language) {
    case "curl":
      return [
        `curl -X POST ${inShell(url)}`,
        `-H 'Content-Type: application/json'`,
        ...(token ? ['-H "Authorization: Bearer $TOKEN"'] : []),
        `-d ${inShell(call.body)}`,
      ].join(" \\\n  ");
    case "JavaScript":
      return `const answer = await fetch(${JSON.stringify(url)}, {
  method: "POST",
  headers: { "Content-Type": "application/json"${token ? ', Authorization: "Bearer " + token' : ""} },
  body: JSON.stringify(${call.body}),
});
console.log(answer.status, await answer.json());`;
    case "Python":
      return `import urllib.request

request = urllib.request.Request(
    ${inPython(url)},
    data=${inPython(call.body)}.encode(),
    headers={"Content-Type": "application/json"${token ? ', "Authorization": f"Bearer {token}"' : ""}},
)
print(urllib.request.urlopen(request).read().decode())`;
  }
}

export function readLines(language: Language, { origin, token }: Address, pattern: string): string {
  // Slashes and stars stand in a query as they are.
  const topics = encodeURIComponent(pattern).replaceAll("%2F", "/").replaceAll("%2C", ",");
  const url = `${origin}/api/v1/stream?topics=${topics}`;
  switch (language) {
    case "curl":
      return `curl -N ${inShell(url)}${token ? ' \\\n  -H "Authorization: Bearer $TOKEN"' : ""}`;
    case "JavaScript": {
      const tail = token ? ' + "&token=" + token' : "";
      return `const events = new EventSource(${JSON.stringify(`${url}&named=false`)}${tail});
events.onmessage = ({ data }) => console.log(JSON.parse(data));`;
    }
    case "Python": {
      const head = token ? ', headers={"Authorization": f"Bearer {token}"}' : "";
      return `import urllib.request

request = urllib.request.Request(${inPython(url)}${head})
for line in urllib.request.urlopen(request):
    print(line.decode(), end="")`;
    }
  }
}
