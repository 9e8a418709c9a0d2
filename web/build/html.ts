/** The frame of the built pages, and what they may do. */
import type { Plugin } from "vite";
import { styleNonce } from "../src/nonce.ts";

/** Only this origin, no inline script, no form; WebAssembly may be compiled where the engine runs. */
export function policyOf(page: "playground" | "text"): string {
  const own = page === "playground";
  return [
    "default-src 'none'",
    `script-src 'self'${own ? " 'wasm-unsafe-eval'" : ""}`,
    ...(own ? ["worker-src 'self'", "connect-src 'self'"] : ["frame-src 'self'"]),
    "img-src 'self'",
    `style-src 'self'${own ? ` 'nonce-${styleNonce}'` : ""}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** Writes the policy into the playground; the development server injects styles of its own and goes without. */
export const contentSecurityPolicy: Plugin = {
  name: "content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: policyOf("playground") },
      injectTo: "head-prepend",
    },
  ],
};

interface Page {
  title: string;
  description: string;
  /** HTML that was rendered. */
  body: string;
  assets: { script: string; styles: string[] };
}

/** A page in the folder `rules`. */
export function htmlOf({ title, description, body, assets }: Page): string {
  const styles = assets.styles.map((it) => `<link rel="stylesheet" href="../${it}" />`);
  return `<!doctype html>
<html lang="en" data-page="text">
  <head>
    <meta http-equiv="Content-Security-Policy" content="${policyOf("text")}" />
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${escaped(title)} · Lockkeeper</title>
    <meta name="description" content="${escaped(description)}" />
    <link rel="icon" type="image/svg+xml" href="../favicon.svg" />
    ${styles.join("\n    ")}
    <script type="module" src="../${assets.script}"></script>
  </head>
  <body>
    ${body}
  </body>
</html>
`;
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
