"""The rules of the house as data: who may include whom, sizes, banned words and calls.

house.py checks them; docs/ARCHITECTURE.md says why they are.
"""

# Folder of src/ -> folders it may include, besides itself. "*": all.
INCLUDES = {
    "base": [],
    "metrics": ["base"],
    "model": ["base"],
    "sqlite": ["base"],
    "tape": ["base", "metrics", "sqlite"],
    "hub": ["base", "metrics"],
    "http": ["base", "metrics"],
    "market": ["base", "metrics", "model"],
    "floor": ["base", "model"],
    "jobs": ["base", "metrics", "model", "floor", "market"],
    "store": ["base", "metrics", "model", "sqlite"],
    "auth": ["base"],
    "config": ["base"],
    "api": ["*"],
    "app": ["*"],
}
# Folder of src/ -> folders inside of it: the families of its files. Other folders have none.
ROOMS = {
    "api": [
        "access", "alpaca", "alpaca_account", "alpaca_data", "body", "channels", "events", "jobs", "market",
        "native", "page", "paper",
        "publishing", "risk", "streams", "trade_updates",
    ],
    "app": ["jobs", "jobs/process", "paper"],
    "floor": ["recording", "risk"],
    "jobs": ["backtest", "import", "training"],
}
# Folder of src/ -> folders inside of it that hold cases for its tests, one text file a theme.
CASES = {"floor": ["scenarios"]}
# Headers that the build makes: included like a folder of src/, by those who may include all.
GENERATED = {"web/page.h"}

# Start of a library's header -> folders of src/ that may include it. Further keys:
#   source_only: never in a header, because it takes seconds to parse or leaks into everything.
LIBRARIES = [
    {"header": "boost/asio", "folders": ["http"], "source_only": True},
    {"header": "boost/beast", "folders": ["http"], "source_only": True},
    {"header": "boost/json", "folders": ["http", "market", "jobs", "store", "auth", "api", "app"]},
    {"header": "boost/unordered/", "folders": ["hub"]},
    {"header": "boost/", "folders": ["http", "market", "jobs", "store", "auth", "api", "app"]},
    {"header": "sqlite3.h", "folders": ["sqlite"], "source_only": True},
    {"header": "openssl/", "folders": ["auth", "http"], "source_only": True},
    {"header": "toml++/", "folders": ["config"], "source_only": True},
    {"header": "CLI/", "folders": ["app"], "source_only": True},
    {"header": "spdlog/", "folders": ["base"], "source_only": True},
    {"header": "simdjson", "folders": ["market", "api"], "source_only": True},
    {"header": "zip.h", "folders": ["jobs"], "source_only": True},
    {"header": "date/", "folders": ["market"], "source_only": True},
    {"header": "xgboost/", "folders": ["jobs"], "source_only": True},
]

# Lines of a file and of a C++ function.
FILE_LINES_WARN = 400
FILE_LINES_MAX = 800
# Files that a program has made: nobody reads them from top to bottom.
MADE_FILES = {"web/src/api/schema.d.ts"}
FUNCTION_LINES_MAX = 80

# Calls and types that are not to be used. `pattern` is searched in code without comments and texts; `where` are the path beginnings it holds for, `but` those it does not.
BANNED = [
    {
        "rule": "clock",
        "pattern": r"\w*_clock::now\b|(?<![\w.>:])(?:std::|::)?(?:time|gettimeofday|clock_gettime"
        r"|timespec_get)\s*\(",
        "where": ["src/"],
        "but": ["src/base/clock.cc"],
        "why": "time enters by constructor as a base::Clock",
    },
    {
        "rule": "randomness",
        "pattern": r"(?<![\w.>])(?:rand|srand|drand48|getrandom)\s*\(|\brandom_device\b"
        r"|\bmt19937",
        "where": ["src/"],
        "but": ["src/base/", "src/app/"],
        "why": "randomness enters by constructor as a base::Random",
    },
    {
        "rule": "sleep",
        "pattern": r"\bsleep_(?:for|until)\b|(?<![\w.>])(?:sleep|usleep|nanosleep|clock_nanosleep)"
        r"\s*\(",
        "where": ["src/", "tests/"],
        "but": [],
        "why": "wait for a condition with a deadline; in tests move a manual clock",
    },
    {
        "rule": "float",
        "pattern": r"\b(?:float|double)\b",
        "where": ["src/floor/"],
        # Drawdowns are fractions to be shown; they never go back into an account.
        # Value at risk is statistics: its doubles stay in its folder, and in what is told of it.
        "but": ["src/floor/account.", "src/floor/snapshot", "src/floor/risk/"],
        "why": "money, prices and quantities are exact decimals (base/decimal.h)",
    },
    {
        "rule": "unordered",
        "pattern": r"\bunordered_(?:multi)?(?:map|set)\b",
        "where": ["src/floor/"],
        "but": [],
        "why": "the floor is deterministic: its order of iteration must not depend on a hash",
    },
    {
        "rule": "name",
        "pattern": r"\b(?:class|struct)\s+\w*(?:Manager|Helper|Utils?|Impl|Data)\b",
        "where": ["src/", "bench/"],
        "but": [],
        "why": "say what it is in the field's words",
    },
]

# What must stand nowhere in the repository: places of one machine and addresses of registries,
# which lockfiles record unless told not to. In pieces, so that this file does not hold them.
WORDS = [
    r"(?<![\w.*])/(?:work|root|home/[a-z]\w*)/",
    r"\bregistry\.(?:npmjs|yarnpkg|npmmirror)\.",
]

# Folders that are not the repository's own.
SKIPPED_FOLDERS = {".git", ".tools", ".cache", "build", "dist", "node_modules", "__pycache__"}
