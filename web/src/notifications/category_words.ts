// The categories in words. Apart from what they are: only one page shows them.

import type { CategoryName } from "./categories.ts";

export const CATEGORY_WORDS: Readonly<Record<CategoryName, { name: string; about: string }>> = {
  halt: {
    name: "Trading halted",
    about: "An account is halted, only reduces, or trades again",
  },
  rejected: {
    name: "Rejected order",
    about: "An order of the account that is shown was refused",
  },
  session: {
    name: "Session expiry",
    about: "Your session ends soon, has ended or was revoked",
  },
  risk: {
    name: "Risk alert",
    about: "A limit is broken or kept again, or a program warns",
  },
  job: {
    name: "Job ended",
    about: "A backtest, training or import is done, failed or was cancelled",
  },
  connection: {
    name: "Connection",
    about: "The server was lost, or is back",
  },
  data_sync: {
    name: "Data sync",
    about: "Accounts, transactions and holdings are fetched",
  },
  provider: {
    name: "Provider",
    about: "Access to a provider ends, is renewed or fails",
  },
  ai: {
    name: "AI",
    about: "Answers and the tools they use",
  },
  import: {
    name: "Import",
    about: "Files that are read in",
  },
  portfolio: {
    name: "Portfolio",
    about: "Balances, holdings and net worth",
  },
  security: {
    name: "Security",
    about: "Sessions, passwords and failed sign-ins",
  },
};
