import { defineConfig, type Plugin } from "vite";
import { dataDir } from "./build/data-dir.ts";
import { ruleInfosModule } from "./build/rules.ts";
import { styleNonce } from "./src/nonce.ts";

/** Only this origin, no inline script, no form, no frame; WebAssembly may be compiled. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  `style-src 'self' 'nonce-${styleNonce}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Writes the policy into the built page; the development server injects styles of its own and goes without. */
const contentSecurityPolicy: Plugin = {
  name: "content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: policy },
      injectTo: "head-prepend",
    },
  ],
};

export default defineConfig({
  // Relative, so that the page works from any folder of any static host.
  base: "./",
  plugins: [contentSecurityPolicy, ruleInfosModule, dataDir],
  resolve: { alias: { "lockkeeper-engine": "/pkg/lockkeeper_wasm.js" } },
  worker: { format: "es" },
  // It finds its own files, which bundling before the development server starts would move.
  optimizeDeps: { exclude: ["@electric-sql/pglite"] },
  build: {
    // light-dark() and WebAssembly exceptions run in all of these.
    target: ["chrome123", "firefox128", "safari17.5"],
    // An inlined asset would be a data: address, which the policy refuses.
    assetsInlineLimit: 0,
    rollupOptions: {
      output: {
        chunkFileNames: ({ facadeModuleId }) =>
          facadeModuleId?.endsWith(".md?raw") ? "rules/[name]-[hash].js" : "assets/[name]-[hash].js",
      },
    },
  },
  // The rule documents lie beside this folder.
  server: { fs: { allow: [".."] } },
});
