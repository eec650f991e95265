// The page at `/`: a live price table over EventSource. This file only joins the parts: the stream
// feeds the board and the connection, a frame of the screen draws what has changed.

import { Board } from "./board.ts";
import { Connection, numberField } from "./connection.ts";
import { parseQuote } from "./quote.ts";
import { PriceTable } from "./table.ts";

function element<Type extends Element>(selector: string): Type {
  const found = document.querySelector<Type>(selector);
  if (found === null) throw new Error(`the page has no ${selector}`);
  return found;
}

const status = element<HTMLElement>("#status");
const statusText = element<HTMLElement>("#status-text");
const retry = element<HTMLButtonElement>("#retry");
const leftOut = element<HTMLElement>("#left-out");
const table = new PriceTable(element<HTMLTableSectionElement>("#prices"));
const board = new Board();
let connection = new Connection(Date.now());
let frameAsked = false;

function draw(): void {
  frameAsked = false;
  for (const row of board.takeChanged()) table.show(row);
  leftOut.hidden = board.leftOut === 0;
  if (board.leftOut > 0) leftOut.textContent = `${board.leftOut} more symbols are not shown.`;
  drawStatus();
}

function drawStatus(): void {
  const text = connection.headline(Date.now());
  if (statusText.textContent !== text) statusText.textContent = text;
  status.dataset["phase"] = connection.phase;
  retry.hidden = connection.phase !== "refused";
}

// However many prices arrive, the screen is drawn once a frame; a hidden page is not drawn at all.
function askFrame(): void {
  if (frameAsked) return;
  frameAsked = true;
  requestAnimationFrame(draw);
}

function connect(): void {
  connection = new Connection(Date.now());
  const stream = new EventSource("/stream");
  stream.onopen = () => {
    connection.opened(Date.now());
    drawStatus();
  };
  stream.onerror = () => {
    connection.failed(stream.readyState === EventSource.CLOSED);
    drawStatus();
  };
  stream.onmessage = (event: MessageEvent<string>) => {
    const quote = parseQuote(event.data);
    if (quote === null) return;
    connection.price(Date.now());
    board.apply(quote);
    askFrame();
  };
  stream.addEventListener("slow", (event: MessageEvent<string>) => {
    connection.skipped(numberField(event.data, "skipped"), Date.now());
    drawStatus();
  });
  stream.addEventListener("gap", () => {
    connection.missed(Date.now());
    drawStatus();
  });
  stream.addEventListener("drain", (event: MessageEvent<string>) => {
    connection.drained(numberField(event.data, "after_ms"));
    drawStatus();
  });
  drawStatus();
}

retry.addEventListener("click", connect);
element<HTMLElement>("#curl").textContent = `curl -N ${location.origin}/stream`;
setInterval(drawStatus, 1000);
connect();
