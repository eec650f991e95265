import { svelte } from "@sveltejs/vite-plugin-svelte";
import tailwindcss from "@tailwindcss/vite";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

// A running livetape, for `npm run dev`: its API is reached through Vite's server.
const server = process.env["LIVETAPE_URL"] ?? "http://127.0.0.1:8000";
const proxied = ["/api", "/v2", "/v1beta3", "/stream", "/sse", "/healthz", "/readyz", "/metrics"];

// Nothing is painted before the theme is set, which the script does: no flash of the other one.
const paintAfterScript: Plugin = {
  name: "livetape-paint-after-script",
  transformIndexHtml: {
    order: "post",
    handler: (html) =>
      html.replace('<script type="module"', '<script type="module" blocking="render"'),
  },
};

export default defineConfig({
  plugins: [svelte(), tailwindcss(), paintAfterScript],
  build: {
    target: "es2022",
    // The server's Content-Security-Policy allows files of its own only: nothing may be inlined.
    assetsInlineLimit: 0,
    // Pages are fetched ahead (shell/pages.ts): the list of what to preload for each would cost more.
    modulePreload: false,
    // What a page shows is told by its own folder; two charts libraries make the largest chunks.
    chunkSizeWarningLimit: 220,
    // How long each plugin takes is no warning.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  worker: { format: "es" },
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(
      proxied.map((path) => [path, { target: server, changeOrigin: true }]),
    ),
  },
  // Vitest resolves Svelte to its browser build, so that components can be mounted in jsdom.
  resolve: process.env["VITEST"] ? { conditions: ["browser"] } : {},
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts"],
    restoreMocks: true,
  },
});
