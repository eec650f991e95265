import { describe, expect, it } from "vitest";

import type { RiskLimits } from "../api/risk.ts";
import { GUARDED, readDraft, shifted, typedForm, undoOf } from "./limits.ts";

const LIMITS = {
  ...Object.fromEntries(
    GUARDED.flatMap((name) => [
      [`${name}_limit`, 0],
      [`${name}_limit_severity`, "high"],
      [`${name}_limit_action`, "alert"],
    ]),
  ),
  drawdown_limit: 0.1,
  gross_limit: 1.5,
  var_limit: 1e-7,
  hysteresis: 0.9,
  var_confidence: 0.95,
  var_method: "parametric",
  max_order_value: 250000.5,
  max_order_qty: 0,
  price_collar: 0,
  max_orders_per_s: 20,
} as RiskLimits;

describe("a shifted decimal", () => {
  it.each([
    ["0.125", 2, "12.5"],
    ["12.5", -2, "0.125"],
    ["0.1", 2, "10"],
    ["7", -2, "0.07"],
    ["0", 2, "0"],
    ["0", -2, "0"],
    ["100", -2, "1"],
    ["0.0000001", -2, "0.000000001"],
    ["1000", 2, "100000"],
  ])("%s by %i is %s", (text, places, expected) => {
    expect(shifted(text, places)).toBe(expected);
  });
});

describe("a limit in its control", () => {
  it("is in percent, without the tail of a float", () => {
    expect(typedForm(LIMITS, "drawdown_limit")).toBe("10");
    expect(typedForm(LIMITS, "gross_limit")).toBe("150");
    expect(typedForm(LIMITS, "var_limit")).toBe("0.00001");
    expect(typedForm(LIMITS, "var_confidence")).toBe("95");
    expect(typedForm({ ...LIMITS, net_limit: 0.29 }, "net_limit")).toBe("29");
  });
  it("is plain where it is no share", () => {
    expect(typedForm(LIMITS, "max_order_value")).toBe("250000.5");
    expect(typedForm(LIMITS, "max_orders_per_s")).toBe("20");
    expect(typedForm(LIMITS, "var_method")).toBe("parametric");
  });
});

describe("a draft", () => {
  it("is sent digit by digit, and only what differs", () => {
    const draft = {
      drawdown_limit: "12.3456789",
      gross_limit: " 150.0 % ",
      max_order_value: "$1,000",
      gross_limit_action: "halt",
    };
    const { change, dirty, faults } = readDraft(draft, LIMITS);
    expect(change).toEqual({
      drawdown_limit: "0.123456789",
      max_order_value: "1000",
      gross_limit_action: "halt",
    });
    expect(dirty).toEqual(["drawdown_limit", "max_order_value", "gross_limit_action"]);
    expect(faults).toEqual({});
  });
  it("names what cannot be read, at its field", () => {
    const { change, faults, dirty } = readDraft(
      { var_limit: "five", net_limit: "-1", var_confidence: "0", max_orders_per_s: "1.5" },
      LIMITS,
    );
    expect(change).toEqual({});
    expect(dirty).toHaveLength(4);
    expect(faults.var_limit).toMatch(/must be a number/);
    expect(faults.net_limit).toMatch(/cannot be negative/);
    expect(faults.var_confidence).toMatch(/more than 0/);
    expect(faults.max_orders_per_s).toMatch(/must be whole/);
  });
  it("is taken back by what was before", () => {
    expect(
      undoOf({ drawdown_limit: "0.2", gross_limit_action: "halt", var_limit: "1" }, LIMITS),
    ).toEqual({ drawdown_limit: "0.1", gross_limit_action: "alert", var_limit: "0.0000001" });
  });
});
