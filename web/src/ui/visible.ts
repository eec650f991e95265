// Which rows of a long list are seen.

export interface RowRange {
  readonly first: number;
  /** After the last one. */
  readonly end: number;
}

/** Rows that a box shows, with a few more on either side so that scrolling finds them drawn. */
export function visibleRows(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
  spare = 6,
): RowRange {
  if (count === 0 || rowHeight <= 0) return { first: 0, end: 0 };
  const first = Math.min(Math.max(0, Math.floor(scrollTop / rowHeight) - spare), count - 1);
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + spare);
  return { first, end: Math.max(first + 1, end) };
}

/** Where to scroll so that `row` is wholly seen; the same place if it is. */
export function scrolledTo(
  row: number,
  scrollTop: number,
  height: number,
  rowHeight: number,
): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}
