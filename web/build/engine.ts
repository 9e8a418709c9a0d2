/** The engine in Node, as the page will have it: what the built pages say is what the live ones say. */
import { readFileSync } from "node:fs";
import type { Analysis, AnalyseRequest, Shared } from "../src/contract.ts";

interface Module {
  initSync(options: { module: Uint8Array }): unknown;
  encodeLink(shared: Shared): string;
  Engine: new () => { set(path: string, text: string): void; analyse(request: AnalyseRequest): Analysis };
}

const folder = new URL("../pkg/", import.meta.url);

export async function loadEngine() {
  const module = (await import(new URL("lockkeeper_wasm.js", folder).href)) as Module;
  module.initSync({ module: readFileSync(new URL("lockkeeper_wasm_bg.wasm", folder)) });
  return {
    /** What the page would say of what a link holds, and the link's letters. */
    judge(shared: Shared): { analysis: Analysis; letters: string } {
      const engine = new module.Engine();
      for (const { path, text } of shared.files) engine.set(path, text);
      const schema = shared.files.find((it) => it.path === "schema.sql")?.path ?? null;
      const analysis = engine.analyse({
        report: [shared.files[shared.shown]!.path],
        schema,
        config: shared.config,
        postgres: shared.postgres as AnalyseRequest["postgres"],
        offsets: "utf16",
        want: ["check", "effects"],
      });
      return { analysis, letters: module.encodeLink({ ...shared, tool: analysis.check.tool.version }) };
    },
  };
}
