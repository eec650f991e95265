// The Developers page: what is published with its form arrives, as the answer and the live view say;
// refusals are shown; the lines to copy do the same; who is connected is listed.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { EventStream } from "../harness/sse.mjs";
import { axe, expect, test, visit } from "./fixtures.ts";

const run = promisify(execFile);

test.beforeEach(async ({ page }) => visit(page, "developers"));

test("a published record is answered with its id and seen live", async ({ page, server }) => {
  await page.getByRole("combobox", { name: "Topics" }).fill("desk/**");
  await page.getByRole("button", { name: "Watch" }).click();
  await expect(page.getByText("Nothing has come on desk/** yet")).toBeVisible();
  await page.getByLabel("Topic", { exact: true }).fill("desk/greetings");
  await page.getByLabel("Data (JSON)").fill('{"text": "planted words", "n": 1.50}');
  await page.getByRole("button", { name: "Publish to desk/greetings" }).click();
  await expect(page.getByText(/^Kept as [0-9a-f]+-\d+\.$/)).toBeVisible();

  const row = page.getByRole("row").filter({ hasText: "planted words" });
  await expect(row).toContainText("desk/greetings");
  await row.getByRole("button").click();
  await expect(page.getByRole("region", { name: "Data of the event" })).toContainText('"n": 1.5');

  // Another program's comes too, and a filter leaves one of the two.
  await server.publish({ topic: "desk/other", type: "note", data: { text: "elsewhere" } });
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("row").filter({ hasText: "elsewhere" })).toBeVisible();
  await page.getByLabel("Filter").fill("planted");
  await expect(page.getByRole("row").filter({ hasText: "elsewhere" })).toHaveCount(0);
  await expect(row).toBeVisible();
  await axe(page);
});

test("a refusal says why, and a broken form does not go out", async ({ page, complaints }) => {
  complaints.allow(/status of 403/);
  await page.getByLabel("Topic", { exact: true }).fill("paper/paper/orders");
  await page.getByRole("button", { name: /^Publish to/ }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Not published" })).toContainText(
    /written by the trading core/i,
  );
  await page.getByLabel("Data (JSON)").fill("{text}");
  await expect(page.getByText(/^This is not JSON/)).toBeVisible();
  await expect(page.getByRole("button", { name: /^Publish to/ })).toBeDisabled();
  await page.getByRole("combobox", { name: "Topics" }).fill("a//b");
  await expect(page.getByText(/A segment is empty/)).toBeVisible();
});

test("channels and user events have forms of their own", async ({ page, server }) => {
  await page.getByRole("radio", { name: "Channel" }).check();
  await page.getByRole("combobox", { name: "Channel" }).selectOption("training");
  await page.getByRole("button", { name: "Publish to the channel training" }).click();
  await expect(page.getByText(/^Kept as /)).toBeVisible();

  await page.getByRole("radio", { name: "User event" }).check();
  await page.getByRole("combobox", { name: "Event" }).selectOption("portfolio.networth.updated");
  await expect(page.getByLabel("Data (JSON)")).toHaveValue(/previous_net_worth/);
  await page.getByRole("button", { name: "Publish to everyone" }).click();
  const stream = await EventStream.open(
    server.server,
    "/api/v1/stream?topics=jobs/training/*,broadcast/*&since=earliest",
  );
  const types = [];
  while (types.length < 2) types.push((await stream.next("an event", isRecord)).event);
  stream.close();
  expect(types).toEqual(["training_progress", "portfolio.networth.updated"]);
});

const isRecord = (block: { event?: string }) =>
  !["hello", "heartbeat"].includes(block.event ?? "hello");

test("the lines to copy publish the same", async ({ page, context, server }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByLabel("Data (JSON)").fill(`{"text": "it's \\"quoted\\""}`);
  const expected = { topic: "desk/notes", type: "note", data: { text: `it's "quoted"` } };
  const stream = await EventStream.open(server.server, "/api/v1/stream?topics=desk/**");
  const lines = page.getByRole("region", { name: "Lines that publish this event" });
  const box = page.locator("div").filter({ has: lines }).last();
  for (const [language, program] of [
    ["curl", ["bash", "-c"]],
    ["JavaScript", [process.execPath, "--input-type=module", "-e"]],
    ["Python", ["python3", "-c"]],
  ] as const) {
    await box.getByRole("radio", { name: language }).check();
    await box.getByRole("button", { name: "Copy" }).click();
    await expect(box.getByText("Copied")).toBeVisible();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const [command, ...before] = program;
    const { stdout } = await run(command, [...before, copied], { timeout: 20_000 });
    expect(stdout, language).toMatch(/ids/);
    const { topic, type, data } = JSON.parse((await stream.next(language, isRecord)).data);
    expect({ topic, type, data }).toEqual(expected);
  }
  stream.close();
});

test("who is connected to a channel is listed by name", async ({ page, server }) => {
  const alerts = page.getByRole("row", { name: /^alerts/ });
  await expect(alerts).toContainText("nobody");
  const stream = await EventStream.open(server.server, "/api/v1/sse/alerts?client_id=desk-7");
  await expect(alerts).toContainText("desk-7");
  stream.close();
  await expect(alerts).toContainText("nobody");
});
