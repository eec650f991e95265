// A column of a DataTable.

export interface Column<Row> {
  readonly label: string;
  readonly text: (row: Row, index: number) => string | number | null | undefined;
  /** Words stand at the left, numbers at the right. */
  readonly left?: boolean;
  /** Above zero, below it, or neither. */
  readonly direction?: (row: Row) => number | null;
  readonly strong?: (row: Row) => boolean;
  /** Explains the cell on hover and focus, such as a formula. */
  readonly hint?: (row: Row) => string;
  /** A background colour. */
  readonly tint?: (row: Row) => string | undefined;
}
