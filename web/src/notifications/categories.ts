// What a notification can be about, and which ways it takes when nobody has chosen. Pure.

export const WAYS = ["list", "toast", "sound"] as const;
export type Way = (typeof WAYS)[number];

interface Category {
  /** Comes to the user who is signed in; the others are the system's own. */
  readonly user?: true;
  /** Matters too much to be muted. */
  readonly always?: true;
  readonly ways: readonly Way[];
}

export const CATEGORIES = {
  halt: {
    always: true,
    ways: WAYS,
  },
  rejected: {
    always: true,
    ways: WAYS,
  },
  session: {
    always: true,
    ways: WAYS,
  },
  risk: {
    ways: WAYS,
  },
  job: {
    ways: ["list", "toast"],
  },
  connection: {
    ways: ["list"],
  },
  data_sync: {
    user: true,
    ways: ["list"],
  },
  provider: {
    user: true,
    ways: ["list", "toast"],
  },
  ai: {
    user: true,
    ways: ["list"],
  },
  import: {
    user: true,
    ways: ["list"],
  },
  portfolio: {
    user: true,
    ways: ["list"],
  },
  security: {
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
