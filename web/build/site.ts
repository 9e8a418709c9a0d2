/** The pages that the build writes: one a rule, their index, and the playground as it is before any script has run. */
import { readFileSync } from "node:fs";
import { createServer, type Plugin, type Rolldown } from "vite";
import { defaultPostgres, type Analysis, type Shared } from "../src/contract.ts";
import type { Renderer } from "../src/site/renderer.ts";
import { withBrowser } from "./browser.ts";
import { loadEngine } from "./engine.ts";
import { htmlOf } from "./html.ts";
import { ruleInfosModule } from "./rules.ts";

const root = new URL("..", import.meta.url).pathname;
const rules = new URL("../../rules/", import.meta.url);
const firstModule = "virtual:first-analysis";

/** The example that greets a new visitor. */
function firstShared(): Shared {
  const text = readFileSync(new URL("../src/examples/odds.sql", import.meta.url), "utf8");
  return {
    files: [{ path: "migration.sql", text }],
    shown: 0,
    postgres: defaultPostgres,
    config: "",
    view: null,
    tool: "",
  };
}

/** Loads the page's own components into Node. */
async function withRenderer<T>(use: (renderer: Renderer) => T): Promise<T> {
  const server = await createServer({
    configFile: false,
    root,
    logLevel: "error",
    appType: "custom",
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    plugins: [ruleInfosModule],
  });
  try {
    return await withBrowser(async () =>
      use((await server.ssrLoadModule("/src/site/render.tsx")) as unknown as Renderer),
    );
  } finally {
    await server.close();
  }
}

export function site(): Plugin {
  let first: Promise<Analysis> | undefined;
  const firstAnalysis = () => (first ??= loadEngine().then((it) => it.judge(firstShared()).analysis));
  return {
    name: "site",
    resolveId: (source) => (source === firstModule ? `\0${firstModule}` : null),
    async load(id) {
      return id === `\0${firstModule}` ? `export default ${JSON.stringify(await firstAnalysis())};` : null;
    },
    transformIndexHtml: {
      order: "post",
      async handler(html, { filename, bundle }) {
        if (!bundle || !filename.endsWith("index.html")) return html;
        const analysis = await firstAnalysis();
        const body = await withRenderer((renderer) =>
          renderer.renderPlayground(firstShared().files[0]!.text, analysis),
        );
        return html.replace(/<body>\s*/, (tag) => `${tag}${body}\n    `);
      },
    },
    async generateBundle(_, bundle) {
      const assets = assetsOf(bundle);
      const engine = await loadEngine();
      const pages = await withRenderer((renderer) =>
        renderer.ruleInfos
          .map((rule): [string, string] => {
            const markdown = readFileSync(new URL(`${rule.name}.md`, rules), "utf8");
            const body = renderer.renderRule(rule, markdown, engine.judge);
            return [rule.name, htmlOf({ title: rule.name, description: rule.summary, body, assets })];
          })
          .concat([
            [
              "index",
              htmlOf({
                title: "Rules",
                description: "What Lockkeeper says about migrations",
                body: renderer.renderRules(),
                assets,
              }),
            ],
          ]),
      );
      for (const [name, source] of pages) this.emitFile({ type: "asset", fileName: `rules/${name}.html`, source });
    },
  };
}

/** The files of the pages' own script. */
function assetsOf(bundle: Rolldown.OutputBundle): { script: string; styles: string[] } {
  const chunks = Object.values(bundle).filter((it) => it.type === "chunk");
  const entry = chunks.find((it) => it.isEntry && it.facadeModuleId?.endsWith("/src/site/client.ts"));
  if (!entry) throw new Error("the pages' script was not built");
  const all = [entry, ...entry.imports.flatMap((name) => chunks.filter((it) => it.fileName === name))];
  const styles = new Set(all.flatMap((it) => [...(it.viteMetadata?.importedCss ?? [])]));
  return { script: entry.fileName, styles: [...styles] };
}
