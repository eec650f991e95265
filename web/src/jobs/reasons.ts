// Why a row of a file was not taken, in words (docs/import.md).

const WORDS: Readonly<Record<string, string>> = {
  missing_columns: "too few columns",
  bad_symbol: "no possible symbol",
  bad_time: "no time",
  bad_number: "price is no number",
  bad_price: "no possible price",
  high_below_low: "high below low",
  outside_range: "open or close outside of low and high",
  bad_volume: "no possible volume",
  duplicate: "time of an earlier row",
  line_too_long: "more than 64 KiB in a line",
  too_many_symbols: "symbol beyond the 10,000th",
};

export const reasonWords = (reason: string): string => WORDS[reason] ?? reason.replaceAll("_", " ");
