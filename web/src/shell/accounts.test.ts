import { beforeEach, describe, expect, it, vi } from "vitest";

import { accounts } from "./accounts.svelte";

type Answer = { status?: number; body: unknown };

/** Requests that wait until they are answered. */
let waiting: { url: string; answer: (answer: Answer) => void }[] = [];

const account = (name: string, state = "ACTIVE") => ({ name, state, cash: 1 });
const names = () => accounts.list.map(({ name, state }) => `${name} ${state}`);
const settle = () => new Promise((resolve) => setTimeout(resolve));

async function answer(...all: Answer[]): Promise<void> {
  for (const each of all) {
    waiting.shift()?.answer(each);
    await settle();
  }
}

beforeEach(() => {
  waiting = [];
  accounts.forget();
  vi.stubGlobal(
    "fetch",
    (url: string) =>
      new Promise((resolve) => {
        waiting.push({
          url,
          answer: ({ status = 200, body }) =>
            resolve(new Response(JSON.stringify(body), { status })),
        });
      }),
  );
});

describe("the list of accounts", () => {
  it("is asked for once more, however many want it meanwhile", async () => {
    const first = accounts.read();
    await settle();
    const reads = [first, ...Array.from({ length: 50 }, () => accounts.read())];
    await settle();
    expect(waiting).toHaveLength(1);
    await answer({ body: { accounts: [account("a")] } });
    expect(waiting).toHaveLength(1);
    await answer({ body: { accounts: [account("b")] } });
    await Promise.all(reads);
    expect(waiting).toHaveLength(0);
    expect(names()).toEqual(["b ACTIVE"]);
  });

  it("of a user who has signed out does not come back", async () => {
    const read = accounts.read();
    await settle();
    accounts.forget();
    await answer({ body: { accounts: [account("hers")] } });
    await read;
    expect(names()).toEqual([]);
    expect(accounts.known).toBe(false);
  });

  it("from before a halt does not undo it", async () => {
    const first = accounts.read();
    await settle();
    await answer({ body: { accounts: [account("a")] } });
    await first;
    const late = accounts.read();
    await settle();
    const halt = accounts.setState("a", "HALTED");
    const list = waiting.shift();
    await answer({ body: { name: "a", state: "HALTED" } });
    expect(await halt).toBeNull();
    list?.answer({ body: { accounts: [account("a")] } });
    await late;
    expect(names()).toEqual(["a HALTED"]);
  });
});
