// The Risk page: figures against limits, limits changed digit by digit, alerts from their arrival to
// their history.

import { axe, expect, SIZES, THEMES, test, visit } from "./fixtures.ts";

test.use({ source: "none" });

const limits = (server: { call(method: string, path: string): Promise<unknown> }) =>
  server.call("GET", "/api/v1/risk/limits") as Promise<Record<string, number | string>>;

/** 400 shares at 100 of an equity of 100,000. */
async function invest(server: import("./backend.ts").Backend, account = "paper"): Promise<void> {
  await server.price("ACME", 100, 0);
  const order = { symbol: "ACME", qty: "400", side: "buy", type: "market", time_in_force: "day" };
  await server.call("POST", "/v2/orders", order, { account });
}

test.describe("with limits", () => {
  test.use({ settings: ["risk.gross_limit=0.5", "risk.concentration_limit=0.6"] });

  test("figures stand against their limits, and say what they mean", async ({ page, server }) => {
    await invest(server);
    await visit(page, "risk");
    const gross = page.getByRole("meter", { name: "Gross exposure" });
    await expect(gross).toHaveAttribute("aria-valuetext", /^40\.00 % of 50\.00 %\. Close to/);
    await expect(gross).toHaveAttribute("aria-valuenow", "80");
    await expect(page.getByText("No limit")).toHaveCount(4);
    await expect(page.getByText(/No value at risk can be told/)).toBeVisible();

    const tip = page.getByRole("tooltip", { name: /Long and short positions added up/ });
    await expect(tip).toBeHidden();
    await page.getByRole("button", { name: "Gross exposure" }).nth(1).focus();
    await expect(tip).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(tip).toBeHidden();
  });

  test("another account has its own figures", async ({ page, server }) => {
    await server.call("POST", "/api/v1/accounts", { name: "second", cash: 80000 });
    await invest(server, "second");
    await visit(page, "risk");
    const gross = page.getByRole("meter", { name: "Gross exposure" });
    await expect(gross).toHaveAttribute("aria-valuetext", /^0\.00 % of/);
    await page.getByRole("combobox", { name: "Account" }).selectOption("second");
    await expect(gross).toHaveAttribute("aria-valuetext", /^50\.00 % of 50\.00 %/);
    await expect(page.getByText("Trading in second")).toBeVisible();
  });

  test("a broken limit that halts is seen everywhere", async ({ page, server }) => {
    await server.call("PUT", "/api/v1/risk/limits", { gross_limit: 0, gross_limit_action: "halt" });
    await invest(server);
    await visit(page, "risk");
    await expect(page.getByText("Active", { exact: true })).toBeVisible();
    await server.call("PUT", "/api/v1/risk/limits", { gross_limit: "0.35" });
    const alerts = page.getByRole("list", { name: "Open alerts" });
    await expect(alerts).toContainText("Gross exposure of paper is 40.00 %, over its limit of 35.00 %");
    await expect(page.getByText("Halted no orders")).toBeVisible();
    await expect(page.getByText("Trading is halted in paper.").first()).toBeVisible();
    await expect(page.getByRole("meter", { name: "Gross exposure" })).toHaveAttribute(
      "aria-valuetext",
      /At or over the limit/,
    );
  });
});

test("what cannot be read is said for as long as it cannot, whatever else is read", async ({
  page,
  complaints,
}) => {
  complaints.allow(/status of 503/);
  const limitsOnly = /\/api\/v1\/risk\/limits/;
  const detail = { status: 503, json: { title: "Service Unavailable", status: 503, detail: "full" } };
  await page.route(limitsOnly, (route) => route.fulfill(detail));
  await visit(page, "risk");
  const note = page.getByText("The limits could not be read");
  await expect(note).toBeVisible();
  // With the second answer the first has long been taken.
  for (let answer = 0; answer < 2; ++answer) await page.waitForResponse(/\/api\/v1\/risk\?/);
  expect(await note.isVisible()).toBe(true);
  await page.unrouteAll({ behavior: "wait" });
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(note).toHaveCount(0);
});

test("limits are changed digit by digit, and changed back", async ({ page, server, complaints }) => {
  complaints.allow(/422 \(Unprocessable/);
  await visit(page, "risk");
  await page.getByRole("button", { name: "Edit limits" }).click();
  const drawdown = page.getByRole("group", { name: "Drawdown from peak" });
  const limit = drawdown.getByLabel("Limit, % of equity");
  await limit.fill("12.3456789");
  await drawdown.getByLabel("When passed").selectOption("reduce");
  await expect(page.getByText("2 changes, not saved")).toBeVisible();
  await expect(drawdown.getByText("Changed, was no limit")).toBeVisible();

  // Another page does not lose it.
  await page.getByRole("link", { name: "About" }).click();
  await page.getByRole("link", { name: "Risk" }).click();
  await expect(limit).toHaveValue("12.3456789");

  // What the page itself can tell, at the field and nothing sent.
  await limit.fill("twelve");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(limit).toBeFocused();
  await expect(limit).toHaveAccessibleDescription(/Limit must be a number such as 12\.5/);
  expect(await limits(server)).toMatchObject({ drawdown_limit: 0 });

  // What only the server knows, at the field too.
  await limit.fill("200000");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(limit).toHaveAccessibleDescription(/must be a number from 0 to 1000/);

  await limit.fill("12.3456789");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("2 limits changed")).toBeVisible();
  expect(await limits(server)).toMatchObject({
    drawdown_limit: 0.123456789,
    drawdown_limit_action: "reduce",
  });
  await page.getByRole("region", { name: "News" }).getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Limits are as before")).toBeVisible();
  expect(await limits(server)).toMatchObject({ drawdown_limit: 0, drawdown_limit_action: "alert" });
  await expect(limit).toHaveValue("0");
});

test("a change can be undone before it is sent", async ({ page }) => {
  await visit(page, "risk");
  await page.getByRole("button", { name: "Edit limits" }).click();
  const net = page.getByRole("group", { name: "Net exposure" });
  const save = page.getByRole("button", { name: "Save" });
  await expect(save).toBeDisabled();
  await net.getByLabel("Limit, % of equity").fill("90");
  await page.getByLabel("Confidence, %").fill("99");
  await expect(page.getByText("2 changes, not saved")).toBeVisible();
  await net.getByRole("button", { name: "Undo Net exposure" }).click();
  await expect(page.getByText("1 change, not saved")).toBeVisible();
  await expect(net.getByLabel("Limit, % of equity")).toHaveValue("0");
  await page.getByRole("button", { name: "Undo all" }).click();
  await expect(page.getByLabel("Confidence, %")).toHaveValue("95");
  await expect(save).toBeDisabled();
});

test("alerts arrive, are acknowledged in all tabs, and stay in the history", async ({
  page,
  context,
  server,
}) => {
  await visit(page, "risk");
  const other = await context.newPage();
  await visit(other, "risk");
  for (const [severity, entity] of [["critical", "feed-1"], ["low", "feed-2"]] as const) {
    await server.tell("alerts", {
      alert_type: "feed_delay",
      severity,
      message: `${entity} is late`,
      entity_type: "feed",
      entity_id: entity,
    });
  }
  for (const tab of [page, other]) {
    await expect(tab.getByRole("tab", { name: "Open alerts 2" })).toBeVisible();
    await expect(tab.getByRole("link", { name: /^Risk/ })).toContainText("2");
  }
  await page.getByRole("button", { name: "Acknowledge: feed-1 is late" }).click();
  await expect(other.getByRole("list", { name: "Open alerts" })).not.toContainText("feed-1");
  await expect(other.getByRole("tab", { name: "Open alerts 1" })).toBeVisible();

  await page.getByRole("tab", { name: "History" }).click();
  const history = page.getByRole("list", { name: "Alerts", exact: true });
  await expect(history.getByRole("listitem")).toHaveCount(2);
  await page.getByLabel("State").selectOption("Acknowledged");
  await expect(history.getByRole("listitem")).toHaveText([/Critical.*feed-1 is late.*Acknowledged/s]);
  await page.getByLabel("State").selectOption("Any");
  await page.getByLabel("Severity").selectOption("Low");
  await expect(history.getByRole("listitem")).toHaveText([/Low.*feed-2 is late/s]);
  await page.getByLabel("Severity").selectOption("Medium");
  await expect(page.getByText("No such alerts")).toBeVisible();
});

test("an alert that another program acknowledges goes from the page", async ({ page, server }) => {
  await visit(page, "risk");
  await server.tell("alerts", { alert_type: "count", severity: "low", message: "one of two" });
  await server.tell("alerts", { alert_type: "count", severity: "low", message: "two of two" });
  await expect(page.getByRole("tab", { name: "Open alerts 2" })).toBeVisible();
  // Newest first.
  const { alerts } = await server.call("GET", "/api/v1/alerts");
  await server.call("POST", `/api/v1/alerts/${alerts[1].id}/ack`);
  const open = page.getByRole("list", { name: "Open alerts" });
  await expect(open).not.toContainText("one of two", { timeout: 30_000 });
  await expect(open).toContainText("two of two");
});

test("the history has pages, newest first", async ({ page, server }) => {
  for (let i = 1; i <= 45; ++i) {
    await server.tell("alerts", { alert_type: "count", severity: "low", message: `number ${i}.` });
  }
  await page.goto("/#/risk/history");
  const rows = page.getByRole("list", { name: "Alerts", exact: true }).getByRole("listitem");
  await expect(page.getByText("1–20 of 45")).toBeVisible();
  await expect(rows.first()).toContainText("number 45.");
  await page.getByRole("button", { name: "Older" }).click();
  await page.getByRole("button", { name: "Older" }).click();
  await expect(page.getByText("41–45 of 45")).toBeVisible();
  await expect(rows).toHaveCount(5);
  await expect(rows.last()).toContainText("number 1.");
  await expect(page.getByRole("button", { name: "Older" })).toBeDisabled();
});

for (const theme of THEMES) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    test.describe(`${theme} on a ${size}`, () => {
      test.use({ theme, viewport });

      test("alerts, broken limits and the form are accessible", async ({ page, server }) => {
        await invest(server);
        await server.call("PUT", "/api/v1/risk/limits", { gross_limit: "0.3" });
        await server.tell("alerts", { alert_type: "x", severity: "medium", message: "Look here" });
        await server.tell("alerts", { alert_type: "x", severity: "critical", message: "And here" });
        await visit(page, "risk");
        await expect(page.getByRole("tab", { name: "Open alerts 3" })).toBeVisible();
        await axe(page);
        await page.getByRole("button", { name: "Edit limits" }).click();
        await page.getByLabel("Limit, % of equity").first().fill("x");
        await expect(page.getByText("1 field is not right yet")).toBeVisible();
        await axe(page);
      });
    });
  }
}
