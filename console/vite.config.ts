import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { firstLoad } from "./first_load.ts";
import { preloaded } from "./preloaded.ts";

const GROUPS = [
  // The entry asks for everything else before anything large has been read.
  { name: "ahead", test: /src\/(api\/ahead|text\/words)\.ts$|preload-helper/, priority: 3 },
  // What the first page needs, in two files instead of forty: each costs a browser more than its
  // bytes. Libraries change less often than the console.
  {
    name: "libraries",
    test: /node_modules\/(react|react-dom|scheduler|react-router|i18next|react-i18next)\//,
    priority: 2,
  },
  { name: "start", test: /src\/app\/(start|home_route)\.tsx$/, priority: 1 },
];

// The C++ server embeds dist/ and answers every path that is neither /api nor a file with
// index.html. `npm run dev` hands /api to a running program (SIYU_URL).
export default defineConfig({
  plugins: [
    react(),
    firstLoad({
      begins: [
        "/index.html",
        "/src/app/start.tsx",
        "/src/app/home_route.tsx",
        "/src/locales/zh-CN.json",
      ],
      bytes_max: 380_000,
    }),
    preloaded(["/src/app/start.tsx"]),
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
    // One style for all pages: small, and loaded once.
    cssCodeSplit: false,
    rolldownOptions: { output: { codeSplitting: { groups: GROUPS } } },
  },
  server: {
    proxy: { "/api": { target: process.env.SIYU_URL ?? "http://127.0.0.1:8080" } },
  },
  test: {
    environment: "jsdom",
    globals: true,
    setupFiles: ["src/test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}", "*.test.ts"],
    // A loaded machine is slow, not wrong.
    testTimeout: 60_000,
  },
});
