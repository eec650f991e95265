// The Jobs page: an import, a backtest, a sweep and a training, each from its form to its result;
// comparison, cancel and restart; what is shown of a job whose page is loaded anew.

import { readFile } from "node:fs/promises";

import type { Page } from "@playwright/test";

import type { Backend } from "./backend.ts";
import { axe, expect, SIZES, test, THEMES, visit } from "./fixtures.ts";

test.use({ source: "none" });

/** Daily bars whose close goes up and down in waves; `bars` weekdays do not matter to a backtest. */
function csv(bars: number, broken: readonly string[] = []): string {
  const lines = Array.from({ length: bars }, (_, i) => {
    const day = new Date(Date.UTC(2015, 0, 1 + i)).toISOString().slice(0, 10);
    const close = 100 + i / 20 + 15 * Math.sin(i / 17) + 3 * Math.sin(i * 1.7);
    const text = close.toFixed(2);
    return `${day},${text},${(close + 1).toFixed(2)},${(close - 1).toFixed(2)},${text},${1000 + i}`;
  });
  return ["date,open,high,low,close,volume", ...lines, ...broken].join("\n");
}

/** Bars that are there without the page's help. */
async function imported(page: Page, server: Backend, symbol: string, bars = 600): Promise<void> {
  const where = `${server.url}/api/v1/imports?symbol=${symbol}&file_name=${symbol}.csv`;
  const headers = { "content-type": "text/csv" };
  const started = await page.request.post(where, { headers, data: csv(bars) });
  const { import_id } = await started.json();
  const status = async () =>
    (await (await page.request.get(`${server.url}/api/v1/imports/${import_id}`)).json()).status;
  await expect.poll(status).toBe("completed");
}

const main = (page: Page) => page.getByRole("main");
const statusIs = (page: Page, words: string) =>
  expect(main(page).getByText(words, { exact: true }).first()).toBeVisible();

async function symbolIs(page: Page, symbol: string): Promise<void> {
  await page.getByLabel("Symbols", { exact: true }).fill(symbol);
  await expect(page.getByText(`${symbol}: 1d bars up to`)).toBeVisible();
}

test("a file is imported, and its bad rows are told by line and reason", async ({ page }) => {
  await visit(page, "jobs");
  await expect(page.getByText("No jobs yet")).toBeVisible();
  await page.getByRole("button", { name: "Import a CSV file" }).click();
  const broken = ["2019-01-01,5,6,7,5,1", "2019-01-02,x,6,4,5,1", "2015-01-01,5,6,4,5,1"];
  await page.getByLabel("CSV files").setInputFiles({
    name: "acme.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(csv(300, broken)),
  });
  await expect(page.getByLabel("Symbol", { exact: true })).toHaveValue("ACME");
  await page.getByRole("button", { name: "Import the file" }).click();

  await expect(page).toHaveURL(/#\/jobs\/import\/[0-9a-f-]+$/);
  await expect(main(page).getByRole("heading", { level: 1, name: "acme.csv" })).toBeVisible();
  const bad = page.getByRole("group", { name: "Rows that were not taken" });
  await expect(bad.getByRole("row", { name: /302 high below low high 6 is below low 7/ })).toBeVisible();
  await expect(bad.getByRole("row", { name: /303 price is no number/ })).toBeVisible();
  await expect(bad.getByRole("row", { name: /304 time of an earlier row/ })).toBeVisible();
  await expect(main(page).getByText("300", { exact: true }).first()).toBeVisible();

  await page.getByRole("button", { name: "Backtest on it…" }).click();
  await expect(page.getByLabel("Symbols", { exact: true })).toHaveValue("ACME");
  await expect(page.getByText("ACME: 1d bars up to 2015-10-27")).toBeVisible();
});

test("files are taken by drag and drop; archives are told where to go", async ({ page }) => {
  await page.goto("/#/jobs/new/import");
  const files = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "drop.csv", { type: "text/csv" }));
    transfer.items.add(new File(["PK"], "spy.zip"));
    return transfer;
  }, csv(80));
  await page.getByRole("group", { name: "Files" }).dispatchEvent("drop", { dataTransfer: files });
  const chosen = page.getByRole("list", { name: "Chosen files" });
  await expect(chosen.getByText("livetape import spy.zip")).toBeVisible();
  await page.getByRole("button", { name: "Import 2 files" }).click();
  await expect(chosen.getByRole("link", { name: "Report" })).toHaveCount(1);
  await expect(page.getByRole("list", { name: "Jobs" }).getByText("drop.csv")).toBeVisible();
});

test("a backtest goes from the form to figures, curve, trades and CSV", async ({ page, server, complaints }) => {
  complaints.allow(/422/);
  await imported(page, server, "ACME");
  await visit(page, "jobs");
  await symbolIs(page, "ACME");

  // What is wrong is said at its field: here by the page, then by the server.
  await page.getByLabel("Fast").fill("0");
  await page.getByRole("button", { name: "Start the backtest" }).click();
  await expect(page.getByText("fast must be a whole number from 1 to 100000, got 0.")).toBeVisible();
  await page.getByLabel("Fast").fill("50");
  await page.getByRole("button", { name: "Start the backtest" }).click();
  await expect(page.getByLabel("Fast")).toHaveAccessibleDescription(
    /fast must be less than slow: 50 is not less than 30/i,
  );
  await page.getByLabel("Fast").fill("5");
  await page.getByLabel("Slow").fill("20");
  await page.getByLabel("Cash", { exact: true }).fill("10,000.50");
  await page.getByLabel("Fee, %").fill("0.2");
  await page.getByRole("button", { name: "Start the backtest" }).click();

  await expect(page).toHaveURL(/#\/jobs\/backtest\/[0-9a-f-]+$/);
  await statusIs(page, "Done");
  const id = page.url().split("/").at(-1);
  const run = await server.call("GET", `/api/v1/backtests/${id}`);
  expect(run.request).toMatchObject({ cash: 10000.5, fee: 0.002, params: { fast: 5, slow: 20 } });
  const percent = (run.results.total_return * 100).toFixed(2).replace("-", "");
  await expect(main(page).getByText(`${percent} %`).first()).toBeVisible();
  await expect(page.getByRole("img", { name: "Equity over time" })).toBeVisible();
  await expect(page.getByRole("img", { name: "Drawdown over time" })).toBeVisible();
  await expect(main(page).getByText("Buy and hold", { exact: true })).toHaveCount(2);
  await page.getByRole("button", { name: "Sharpe", exact: true }).hover();
  await expect(page.getByText("Annual return / volatility")).toBeVisible();
  const years = page.getByRole("group", { name: "Monthly returns" });
  await expect(years.getByRole("row", { name: /^2016/ })).toBeVisible();

  const trades = page.getByRole("group", { name: "Trades" });
  await expect(trades.getByRole("row")).toHaveCount(1 + Math.min(50, run.results.trades));
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  const file = await readFile(await (await saved).path(), "utf8");
  const lines = file.split("\r\n");
  expect(lines[0]).toBe("symbol,side,opened,closed,quantity,entry_price,exit_price,fees,profit,return");
  expect(lines.length).toBe(run.results.trades + 2);

  // The address alone brings it back.
  await page.reload();
  await statusIs(page, "Done");
  await expect(trades).toBeVisible();
});

test("lists make a sweep: counted, ranked, and a map whose cells can be run", async ({ page, server }) => {
  await imported(page, server, "ACME");
  await visit(page, "jobs");
  await symbolIs(page, "ACME");
  await page.getByLabel("Fast").fill("3, 5, 8");
  await page.getByLabel("Slow").fill("10:40:10");
  await page.getByRole("button", { name: "Start a sweep of 12 combinations" }).click();
  await statusIs(page, "Done");

  const map = page.getByRole("table", { name: "Sharpe by fast and slow" });
  await expect(map.getByRole("button")).toHaveCount(12);
  await page.getByLabel("Figure").selectOption("Trades");
  const cell = page.getByRole("button", { name: /^fast 5, slow 20: \d+$/ });
  const shown = await cell.innerText();
  await cell.click();
  await page.getByRole("button", { name: "Run it alone…" }).click();
  await expect(page.getByLabel("Fast")).toHaveValue("5");
  await expect(page.getByLabel("Slow")).toHaveValue("20");
  await page.getByRole("button", { name: "Start the backtest" }).click();
  await statusIs(page, "Done");
  const trades = page.getByRole("group", { name: "Trades" });
  await expect(trades.getByRole("row")).toHaveCount(1 + Number(shown));
});

test("a training shows its rounds, and its model can be traded", async ({ page, server, complaints }) => {
  complaints.allow(/422/);
  await imported(page, server, "ACME", 900);
  await visit(page, "jobs");
  await page.getByRole("tab", { name: "Training" }).click();
  await symbolIs(page, "ACME");
  await page.getByLabel("Rounds", { exact: true }).fill("20");
  await page.getByRole("button", { name: "Start the training" }).click();
  await expect(page).toHaveURL(/#\/jobs\/training\/[0-9a-f-]+$/);
  await statusIs(page, "Done");
  await expect(page.getByRole("img", { name: "Loss after each round" })).toBeVisible();
  await expect(page.getByRole("img", { name: "Accuracy after each round" })).toBeVisible();
  await expect(main(page).getByText("rsi_14")).toBeVisible();

  await page.getByRole("button", { name: "Backtest this model…" }).click();
  await expect(page.getByLabel("Strategy")).toHaveValue("model");
  await page.getByRole("button", { name: "Start the backtest" }).click();
  // It would trade on what it has learned from: the server says what bars there are.
  await expect(page.getByLabel("From (UTC)")).toHaveAccessibleDescription(/there are 900 from/);
});

test("runs are compared side by side", async ({ page, server }) => {
  await imported(page, server, "ACME");
  const ids: string[] = [];
  for (const fast of [3, 8]) {
    const body = { strategy: "sma_cross", symbols: ["ACME"], params: { fast, slow: 30 } };
    const { backtest_id } = await server.call("POST", "/api/v1/backtests", body);
    ids.push(backtest_id);
  }
  await visit(page, "jobs");
  const jobs = page.getByRole("list", { name: "Jobs" });
  await jobs.getByRole("checkbox", { name: /fast 3/ }).check();
  await expect(page.getByRole("button", { name: "Pick another to compare" })).toBeDisabled();
  await jobs.getByRole("checkbox", { name: /fast 8/ }).check();
  await page.getByRole("button", { name: "Compare 2 runs" }).click();
  await expect(page).toHaveURL(`${server.url}/#/jobs/compare/${ids[0]}/${ids[1]}`);
  await expect(page.getByRole("img", { name: "Return of each run since its start" })).toBeVisible();
  const figures = page.getByRole("group", { name: "Figures of each run" });
  await expect(figures.getByRole("row", { name: /^Trades/ })).toBeVisible();
  await axe(page);
  // An address that names a run twice.
  await page.goto(`/#/jobs/compare/${ids[0]}/${ids[1]}/${ids[0]}`);
  await expect(page.getByRole("heading", { name: "Comparison of 2 runs" })).toBeVisible();
  await expect(page.getByRole("list", { name: "Runs" }).getByRole("listitem")).toHaveCount(2);
});

test("a job is followed, cancelled and run again", async ({ page, server }) => {
  await imported(page, server, "ACME", 40_000); // so many that it is not done before it is looked at
  const list = Array.from({ length: 90 }, (_, i) => i + 2);
  const { backtest_id } = await server.call("POST", "/api/v1/backtests", {
    strategy: "sma_cross",
    symbols: ["ACME"],
    params: { fast: list, slow: list.map((bars) => bars + 100) },
  });
  await page.goto(`/#/jobs/backtest/${backtest_id}`);
  await expect(main(page).getByText(/of 8100 combinations, .* bars\/s, .* left/)).toBeVisible();
  await expect(page.getByRole("progressbar", { name: "sma_cross" })).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await statusIs(page, "Cancelled");
  await page.getByRole("button", { name: "Run again" }).click();
  await expect(main(page).getByText(/Running \d+ %/).first()).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await statusIs(page, "Cancelled");
});

test("a task of another program is listed and followed", async ({ page, server, complaints }) => {
  complaints.allow(/trainings\/night/);
  await visit(page, "jobs");
  await expect(page.getByText("No jobs yet")).toBeVisible();
  const tell = (progress: number, status: string) =>
    server.tell("training", {
      task_id: "night:1+lr@0.1",
      progress,
      status,
      message: `epoch ${progress}`,
      metrics: { loss: 0.25 },
    });
  await tell(10, "running");
  const jobs = page.getByRole("list", { name: "Jobs" });
  await expect(jobs.getByText("Running 10 %")).toBeVisible();
  await tell(40, "running");
  await expect(jobs.getByText("epoch 40")).toBeVisible();
  await jobs.getByRole("link", { name: "night:1+lr@0.1" }).click();
  await expect(main(page).getByText("0.25")).toBeVisible();
  await tell(100, "completed");
  await statusIs(page, "Done");
});

test("a task that is looked for before it is told comes by itself", async ({
  page,
  server,
  complaints,
}) => {
  complaints.allow(/404/);
  await page.goto("/#/jobs/training/later");
  await expect(page.getByText("The server has no such job.", { exact: false })).toBeVisible();
  const news = { task_id: "later", progress: 5, status: "running", message: "here I am" };
  await server.tell("training", news);
  await expect(main(page).getByText("here I am").first()).toBeVisible();
  await expect(page.getByText("The server has no such job.", { exact: false })).toHaveCount(0);
});

test("an upload that ends leaves the page where it is", async ({ page, server }) => {
  await visit(page, "jobs");
  await page.getByRole("tab", { name: "Import" }).click();
  await page.getByLabel("CSV files").setInputFiles({
    name: "LATE.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("date,open,high,low,close,volume\n2026-01-02,1,1,1,1,1\n"),
  });
  let release = (): void => {};
  const open = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/imports\?/, async (route) => {
    if (route.request().method() === "POST") await open;
    await route.continue();
  });
  await page.getByRole("button", { name: "Import the file" }).click();
  await expect(page.getByRole("button", { name: "Stop the upload" })).toBeVisible();
  await page.goto("/#/about");
  release();
  await expect
    .poll(async () => (await server.call("GET", "/api/v1/imports")).imports[0]?.status)
    .toBe("completed");
  await expect(page.getByText("Import completed").first()).toBeVisible();
  await expect(page).toHaveURL(/#\/about$/);
});

test("an address of no job says so", async ({ page, complaints }) => {
  complaints.allow(/404/);
  await page.goto("/#/jobs/backtest/nothing");
  await expect(page.getByText("The server has no such job.", { exact: false })).toBeVisible();
});

for (const theme of THEMES) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    test.describe(`${theme}, ${size}`, () => {
      test.use({ theme, viewport });
      test("axe finds nothing on the list, the forms and a result", async ({ page, server }) => {
        test.slow(); // axe looks at every cell of every table
        await imported(page, server, "ACME", 300);
        const body = { strategy: "sma_cross", symbols: ["ACME"], params: { fast: 5, slow: [20, 40] } };
        const { backtest_id: sweep } = await server.call("POST", "/api/v1/backtests", body);
        body.params.slow = [20];
        const { backtest_id: run } = await server.call("POST", "/api/v1/backtests", body);
        await visit(page, "jobs");
        await expect(page.getByRole("list", { name: "Jobs" }).getByText("Done")).toHaveCount(3);
        await axe(page);
        for (const kind of ["backtest", "training", "import"]) {
          await page.goto(`/#/jobs/new/${kind}`);
          await expect(page.getByRole("tabpanel").getByRole("button").last()).toBeVisible();
          await axe(page);
        }
        await page.goto(`/#/jobs/backtest/${run}`);
        await expect(page.getByRole("group", { name: "Trades" })).toBeVisible();
        await axe(page);
        await page.goto(`/#/jobs/backtest/${sweep}`);
        await expect(page.getByRole("group", { name: "Ranked combinations" })).toBeVisible();
        await axe(page);
      });
    });
  }
}
