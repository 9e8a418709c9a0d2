/** The engine in Node, as the page will have it: what the built pages say is what the live ones say. */
import { readFileSync } from "node:fs";
import type { Analysis, AnalyseRequest, Shared } from "../src/contract.ts";

interface Module {
  initSync(options: { module: Uint8Array }): unknown;
}

interface Links extends Module {
  encodeLink(shared: Shared): string;
}

interface Whole extends Module {
  Engine: new () => { set(path: string, text: string): void; analyse(request: AnalyseRequest): string };
}

async function load<M extends Module>(folder: string): Promise<M> {
  const at = (name: string) => new URL(`../${folder}/${name}`, import.meta.url);
  const module = (await import(at("lockkeeper_wasm.js").href)) as M;
  module.initSync({ module: readFileSync(at("lockkeeper_wasm_bg.wasm")) });
  return module;
}

export async function loadEngine() {
  const [{ Engine }, { encodeLink }] = await Promise.all([load<Whole>("pkg"), load<Links>("pkg-links")]);
  return {
    /** What the page would say of what a link holds, and the link's letters. */
    judge(shared: Shared): { analysis: Analysis; letters: string } {
      const engine = new Engine();
      for (const { path, text } of shared.files) engine.set(path, text);
      const schema = shared.files.find((it) => it.path === "schema.sql")?.path ?? null;
      const json = engine.analyse({
        report: [shared.files[shared.shown]!.path],
        schema,
        config: shared.config,
        postgres: shared.postgres as AnalyseRequest["postgres"],
        offsets: "utf16",
        want: ["check", "effects"],
      });
      const analysis = JSON.parse(json) as Analysis;
      return { analysis, letters: encodeLink({ ...shared, tool: analysis.check.tool.version }) };
    },
  };
}
