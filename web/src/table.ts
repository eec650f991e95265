// The price table in the document. Rows are made once, in the order of the alphabet; after that
// only text changes.

import type { Row } from "./board.ts";
import { formatChange, formatPrice, formatTime } from "./format.ts";
import { HEIGHT, sparklinePath, WIDTH } from "./sparkline.ts";

const SVG = "http://www.w3.org/2000/svg";

interface Cells {
  readonly row: HTMLTableRowElement;
  readonly price: HTMLElement;
  readonly change: HTMLElement;
  readonly arrow: HTMLElement;
  readonly changeText: HTMLElement;
  readonly path: SVGPathElement;
  readonly updated: HTMLElement;
}

export class PriceTable {
  readonly #body: HTMLTableSectionElement;
  readonly #cells = new Map<string, Cells>();

  constructor(body: HTMLTableSectionElement) {
    this.#body = body;
  }

  show(row: Row): void {
    const cells = this.#cells.get(row.symbol) ?? this.#add(row.symbol);
    const change = formatChange(row.quote.change);
    setText(cells.price, formatPrice(row.quote.price, row.decimals));
    setText(cells.arrow, change.arrow);
    setText(cells.changeText, change.text);
    cells.change.dataset["direction"] = change.direction;
    cells.path.setAttribute("d", sparklinePath(row.points));
    setText(cells.updated, formatTime(row.quote.time));
  }

  #add(symbol: string): Cells {
    if (this.#cells.size === 0) this.#body.replaceChildren();
    const row = document.createElement("tr");
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = symbol;
    const price = cell("number");
    const change = cell("number change");
    const arrow = document.createElement("span");
    arrow.className = "arrow";
    arrow.setAttribute("aria-hidden", "true");
    const changeText = document.createElement("span");
    change.append(arrow, changeText);
    const { trend, path } = trendCell();
    const updated = cell("number updated");
    row.append(name, price, change, trend, updated);

    const cells = { row, price, change, arrow, changeText, path, updated };
    this.#cells.set(symbol, cells);
    const next = [...this.#cells.keys()].sort().find((other) => other > symbol);
    this.#body.insertBefore(row, next === undefined ? null : this.#cells.get(next)!.row);
    return cells;
  }
}

function cell(className: string): HTMLTableCellElement {
  const made = document.createElement("td");
  made.className = className;
  return made;
}

// Hidden from screen readers: the numbers beside it say the same.
function trendCell(): { trend: HTMLTableCellElement; path: SVGPathElement } {
  const trend = cell("trend");
  trend.setAttribute("aria-hidden", "true");
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("width", String(WIDTH));
  svg.setAttribute("height", String(HEIGHT));
  const path = document.createElementNS(SVG, "path");
  svg.append(path);
  trend.append(svg);
  return { trend, path };
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
