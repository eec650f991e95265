// What livetape is built of, and under which licences.

export interface Part {
  readonly name: string;
  readonly purpose: string;
  readonly licence: string;
  readonly href: string;
}

export const PAGE_PARTS: readonly Part[] = [
  {
    name: "Lightweight Charts™",
    purpose: "Candles",
    licence: "Apache-2.0",
    href: "https://www.tradingview.com/lightweight-charts/",
  },
  {
    name: "uPlot",
    purpose: "Curves over time",
    licence: "MIT",
    href: "https://github.com/leeoniya/uPlot",
  },
  { name: "Svelte", purpose: "Components", licence: "MIT", href: "https://svelte.dev/" },
  { name: "Tailwind CSS", purpose: "Style", licence: "MIT", href: "https://tailwindcss.com/" },
];

export const SERVER_PARTS: readonly Part[] = [
  {
    name: "Boost (Asio, Beast, JSON)",
    purpose: "Network, HTTP",
    licence: "BSL-1.0",
    href: "https://www.boost.org/",
  },
  { name: "SQLite", purpose: "Storage", licence: "Public domain", href: "https://sqlite.org/" },
  {
    name: "OpenSSL",
    purpose: "Tokens, digests",
    licence: "Apache-2.0",
    href: "https://openssl-library.org/",
  },
  {
    name: "XGBoost",
    purpose: "Training",
    licence: "Apache-2.0",
    href: "https://github.com/dmlc/xgboost",
  },
  { name: "simdjson", purpose: "JSON", licence: "Apache-2.0", href: "https://simdjson.org/" },
  { name: "{fmt}", purpose: "Text", licence: "MIT", href: "https://fmt.dev/" },
  { name: "spdlog", purpose: "Log", licence: "MIT", href: "https://github.com/gabime/spdlog" },
  {
    name: "toml++",
    purpose: "Configuration",
    licence: "MIT",
    href: "https://marzer.github.io/tomlplusplus/",
  },
  {
    name: "CLI11",
    purpose: "Command line",
    licence: "BSD-3-Clause",
    href: "https://github.com/CLIUtils/CLI11",
  },
  { name: "zlib", purpose: "Compression", licence: "Zlib", href: "https://zlib.net/" },
  { name: "libzip", purpose: "Archives", licence: "BSD-3-Clause", href: "https://libzip.org/" },
];
