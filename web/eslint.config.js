// ESLint looks at Svelte's files only; Biome at all others.
import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";

const browser = [
  "window",
  "document",
  "location",
  "localStorage",
  "navigator",
  "console",
  "setTimeout",
  "clearTimeout",
  "requestAnimationFrame",
  "cancelAnimationFrame",
  "queueMicrotask",
  "URL",
  "Blob",
  "getComputedStyle",
  "matchMedia",
  "ResizeObserver",
  "devicePixelRatio",
  "Notification",
  "history",
];

export default ts.config({ ignores: ["dist", "node_modules"] }, ...svelte.configs.recommended, {
  files: ["**/*.svelte", "**/*.svelte.ts"],
  languageOptions: {
    parserOptions: { parser: ts.parser },
    globals: Object.fromEntries(browser.map((name) => [name, "readonly"])),
  },
  rules: {
    // The page's Content-Security-Policy refuses both; `style:width={...}` goes by the CSSOM.
    "svelte/no-at-html-tags": "error",
    "no-restricted-syntax": [
      "error",
      { selector: "SvelteAttribute[key.name='style']", message: "Use style:property={...}." },
    ],
    "svelte/button-has-type": "error",
    "svelte/no-target-blank": "error",
    "svelte/require-event-dispatcher-types": "error",
    eqeqeq: ["error", "always"],
    "no-console": "error",
  },
});
