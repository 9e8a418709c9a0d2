import { defineConfig } from "vite";
import { dataDir } from "./build/data-dir.ts";
import { contentSecurityPolicy } from "./build/html.ts";
import { offline } from "./build/offline.ts";
import { ruleInfosModule } from "./build/rules.ts";
import { site } from "./build/site.ts";

export default defineConfig({
  // Relative, so that the page works from any folder of any static host.
  base: "./",
  plugins: [contentSecurityPolicy, ruleInfosModule, dataDir, site(), offline],
  resolve: {
    alias: {
      "lockkeeper-engine/python": "/pkg/lockkeeper_wasm.js",
      "lockkeeper-engine/links": "/pkg-links/lockkeeper_wasm.js",
      "lockkeeper-engine": "/pkg-sql/lockkeeper_wasm.js",
    },
  },
  worker: { format: "es" },
  // It finds its own files, which bundling before the development server starts would move.
  optimizeDeps: { exclude: ["@electric-sql/pglite"] },
  build: {
    // light-dark() and WebAssembly exceptions run in all of these.
    target: ["chrome123", "firefox128", "safari17.5"],
    // An inlined asset would be a data: address, which the policy refuses.
    assetsInlineLimit: 0,
    rollupOptions: {
      input: ["index.html", "embed.html", "src/site/client.ts", "src/offline/worker.ts"],
      output: {
        // A service worker serves the folder it lies in, and is known by its name.
        entryFileNames: ({ facadeModuleId }) =>
          facadeModuleId?.endsWith("/src/offline/worker.ts") ? "offline.js" : "assets/[name]-[hash].js",
        chunkFileNames: ({ facadeModuleId }) =>
          facadeModuleId?.endsWith(".md?raw") ? "rules/[name]-[hash].js" : "assets/[name]-[hash].js",
      },
    },
  },
  // The rule documents lie beside this folder.
  server: { fs: { allow: [".."] } },
});
