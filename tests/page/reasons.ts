// The last words of a run: why each test failed, in a line or two, below all the logs and pictures
// that the other reporter shows. Whoever sees only the end of the output sees this.

import type { FullConfig, Location, Reporter, Suite, TestError } from "@playwright/test/reporter";

const LINES = 12;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal begin with it
const COLOUR = /\u001b\[[\d;]*m/g;

export default class Reasons implements Reporter {
  #all: Suite | undefined;

  onBegin(_config: FullConfig, all: Suite): void {
    this.#all = all;
  }

  onEnd(): void {
    for (const test of this.#all?.allTests() ?? []) {
      if (test.ok()) continue;
      const errors = test.results.flatMap((result) => result.errors);
      console.log(`\n  failed: ${placeOf(test.location)} › ${test.title}`);
      for (const error of errors) console.log(wordsOf(error));
    }
  }
}

const placeOf = ({ file, line }: Location) => `${file.split("/").at(-1)}:${line}`;

function wordsOf({ message, value, location }: TestError): string {
  const words = (message ?? value ?? "no reason was given").replace(COLOUR, "");
  const lines = words.split("\n").filter((line) => line.trim() !== "");
  const from = location === undefined ? "" : `    at ${placeOf(location)}: `;
  return `${from}${lines.slice(0, LINES).join("\n      ")}`;
}
