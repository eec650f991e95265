import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Connection, numberField } from "../src/connection.ts";

describe("Connection", () => {
  it("goes from connecting to live", () => {
    const connection = new Connection(0);
    assert.equal(connection.headline(0), "Connecting…");
    connection.opened(100);
    connection.price(150);
    assert.equal(connection.phase, "live");
    assert.equal(connection.headline(200), "Live.");
  });

  it("says what happens next when the line breaks", () => {
    const connection = new Connection(0);
    connection.opened(0);
    connection.failed(false);
    assert.equal(connection.phase, "reconnecting");
    assert.match(connection.headline(1), /^Reconnecting every few seconds: the connection was lost\./);
    connection.opened(5000);
    assert.equal(connection.headline(5001), "Live.");
  });

  it("tells a refusal from a broken line", () => {
    const connection = new Connection(0);
    connection.failed(true);
    assert.equal(connection.phase, "refused");
    assert.equal(connection.headline(1), "The server refused the stream.");
  });

  it("announces a stop and when it tries again", () => {
    const connection = new Connection(0);
    connection.opened(0);
    connection.drained(3400);
    assert.equal(connection.headline(1), "Live. The server is about to stop.");
    connection.failed(false);
    assert.match(connection.headline(2), /^Reconnecting in about 3 seconds: the server has/);
    connection.opened(4000);
    assert.equal(connection.headline(4001), "Live.");
  });

  it("says that updates were skipped, for a while", () => {
    const connection = new Connection(0);
    connection.opened(0);
    connection.skipped(12, 1000);
    assert.match(connection.headline(1001), /12 updates skipped, prices shown are the newest/);
    connection.price(16_000);
    assert.equal(connection.headline(16_001), "Live.");
  });

  it("says that earlier events are gone", () => {
    const connection = new Connection(0);
    connection.opened(0);
    connection.missed(10);
    assert.match(connection.headline(11), /no longer kept; prices shown are current/);
  });

  it("admits that no prices come", () => {
    const connection = new Connection(0);
    connection.opened(0);
    assert.equal(connection.headline(9999), "Live.");
    assert.equal(connection.headline(10_000), "Connected. No prices yet.");
    connection.price(11_000);
    assert.equal(connection.headline(11_001), "Live.");
    assert.equal(connection.headline(21_000), "Connected. No new prices.");
  });
});

describe("numberField", () => {
  it("reads a number of the object", () => {
    assert.equal(numberField('{"after_ms":3400}', "after_ms"), 3400);
  });

  for (const data of ["", "null", "{}", '{"after_ms":"1"}', "[1]"]) {
    it(`is null for ${data || "nothing"}`, () => assert.equal(numberField(data, "after_ms"), null));
  }
});
