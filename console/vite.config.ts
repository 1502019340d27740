import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { firstLoad } from "./first_load.ts";

// The C++ server embeds dist/ and answers every path that is neither /api nor a file with
// index.html. `npm run dev` hands /api to a running program (SIYU_URL).
export default defineConfig({
  plugins: [
    react(),
    firstLoad({
      begins: ["/index.html", "/src/app/home_route.tsx", "/src/locales/zh-CN.json"],
      bytes_max: 380_000,
    }),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // The server replaces this word in index.html by a fresh value for every answer (README.md).
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    target: "es2022",
    // Nothing inlined as data: or as a script element, so that the content policy stays strict.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  server: {
    proxy: { "/api": { target: process.env.SIYU_URL ?? "http://127.0.0.1:8080" } },
  },
  test: {
    environment: "jsdom",
    globals: true,
    setupFiles: ["src/test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}", "first_load.test.ts"],
    // A loaded machine is slow, not wrong.
    testTimeout: 60_000,
  },
});
