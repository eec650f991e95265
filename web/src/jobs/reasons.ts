// Why a row of a file was not taken, in words (docs/import.md).

const WORDS: Readonly<Record<string, string>> = {
  missing_columns: "with too few columns",
  bad_symbol: "with a symbol that cannot be one",
  bad_time: "without a time",
  bad_number: "with a price that is no number",
  bad_price: "with a price that cannot be",
  high_below_low: "with a high below the low",
  outside_range: "with an open or close outside of low and high",
  bad_volume: "with a volume that cannot be",
  duplicate: "of a time that an earlier row had",
  line_too_long: "with a line of more than 64 KiB",
  too_many_symbols: "with a symbol beyond the 10,000th",
};

export const reasonWords = (reason: string): string => WORDS[reason] ?? reason.replaceAll("_", " ");
