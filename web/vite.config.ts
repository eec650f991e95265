import { svelte } from "@sveltejs/vite-plugin-svelte";
import tailwindcss from "@tailwindcss/vite";
import { minify } from "terser";
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

// After Vite's own minifier: 1 in 160 of the packed bytes less than that alone.
const minifyAgain: Plugin = {
  name: "livetape-minify-again",
  apply: "build",
  generateBundle: {
    order: "post",
    async handler(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "chunk") continue;
        const { code } = await minify(file.code, {
          module: true,
          ecma: 2020,
          compress: { passes: 3 },
        });
        if (code !== undefined) file.code = code;
      }
    },
  },
};

export default defineConfig({
  plugins: [svelte(), tailwindcss(), paintAfterScript, minifyAgain],
  build: {
    target: "es2022",
    // The server's Content-Security-Policy allows files of its own only: nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What a page shows is told by its own folder; two charts libraries make the largest chunks.
    chunkSizeWarningLimit: 220,
    rolldownOptions: {
      output: {
        // What four parts share is one file: a few files pack better than thirty, and come sooner. The
        // charts of true time are wanted by some pages only.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            {
              name: "time_chart",
              test: /node_modules\/uplot|ui\/(TimeChart|time_chart)/,
              priority: 2,
            },
            { name: "shared", minShareCount: 4, priority: 1 },
          ],
        },
      },
      // How long each plugin takes is no warning.
      checks: { bundlerTimings: false },
    },
  },
  worker: { format: "es", plugins: () => [minifyAgain] },
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
