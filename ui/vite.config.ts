import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  clearScreen: false,
  // The words of the window are beside it, in `locales`.
  server: { port: 1420, strictPort: true, fs: { allow: [".."] } },
  build: { target: "es2022", modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  resolve: mode === "test" ? { conditions: ["browser"] } : {},
  test: {
    // The limit only ends a test that would hang, also where much else runs.
    testTimeout: 60_000,
    // Else one processor is left alone, which is half of what a small machine has.
    maxWorkers: "100%",
    // Each file would read every component anew, a third of the time; `setup.ts` has each begin with an
    // empty page.
    isolate: false,
    css: true,
    environment: "jsdom",
    setupFiles: ["src/tests/setup.ts"],
    include: ["src/**/*.test.ts"],
  },
}));
