// What a notification can be about, and which ways it takes when nobody has chosen. Pure.

export const WAYS = ["list", "toast", "sound"] as const;
export type Way = (typeof WAYS)[number];

interface Category {
  readonly name: string;
  readonly about: string;
  /** Comes to the user who is signed in; the others are the system's own. */
  readonly user?: true;
  /** Matters too much to be muted. */
  readonly always?: true;
  readonly ways: readonly Way[];
}

export const CATEGORIES = {
  halt: {
    name: "Trading halted",
    about: "An account is halted, only reduces, or trades again",
    always: true,
    ways: WAYS,
  },
  rejected: {
    name: "Rejected order",
    about: "An order of the account that is shown was refused",
    always: true,
    ways: WAYS,
  },
  session: {
    name: "Session expiry",
    about: "Your session ends soon, has ended or was revoked",
    always: true,
    ways: WAYS,
  },
  risk: {
    name: "Risk alert",
    about: "A limit is broken or kept again, or a program warns",
    ways: WAYS,
  },
  job: {
    name: "Job ended",
    about: "A backtest, training or import is done, failed or was cancelled",
    ways: ["list", "toast"],
  },
  connection: {
    name: "Connection",
    about: "The server was lost, or is back",
    ways: ["list"],
  },
  data_sync: {
    name: "Data sync",
    about: "Accounts, transactions and holdings are fetched",
    user: true,
    ways: ["list"],
  },
  provider: {
    name: "Provider",
    about: "Access to a provider ends, is renewed or fails",
    user: true,
    ways: ["list", "toast"],
  },
  ai: {
    name: "AI",
    about: "Answers and the tools they use",
    user: true,
    ways: ["list"],
  },
  import: {
    name: "Import",
    about: "Files that are read in",
    user: true,
    ways: ["list"],
  },
  portfolio: {
    name: "Portfolio",
    about: "Balances, holdings and net worth",
    user: true,
    ways: ["list"],
  },
  security: {
    name: "Security",
    about: "Sessions, passwords and failed sign-ins",
    user: true,
    ways: WAYS,
  },
} as const satisfies Record<string, Category>;

export type CategoryName = keyof typeof CATEGORIES;

export const CATEGORY_NAMES = Object.keys(CATEGORIES) as CategoryName[];
export const categoryOf = (name: CategoryName): Category => CATEGORIES[name];

/** The ways that a person has chosen, by category; a category that is missing has its own. */
export type Choices = Readonly<Partial<Record<CategoryName, readonly Way[]>>>;

export function goes(choices: Choices, name: CategoryName, way: Way): boolean {
  const category = categoryOf(name);
  return category.always === true || (choices[name] ?? category.ways).includes(way);
}

export function choose(choices: Choices, name: CategoryName, way: Way, on: boolean): Choices {
  const now = WAYS.filter((each) => (each === way ? on : goes(choices, name, each)));
  return { ...choices, [name]: now };
}

export function isChoices(stored: unknown): stored is Choices {
  return (
    typeof stored === "object" &&
    stored !== null &&
    Object.entries(stored).every(
      ([name, ways]) =>
        name in CATEGORIES &&
        Array.isArray(ways) &&
        ways.every((way) => (WAYS as readonly unknown[]).includes(way)),
    )
  );
}
