/** The page's own engine in Node: it writes links, and cuts texts into statements. */
import { readFileSync } from "node:fs";

const folder = new URL("../../web/pkg/", import.meta.url);

export const engine = await import(new URL("lockkeeper_wasm.js", folder).href);
engine.initSync({ module: readFileSync(new URL("lockkeeper_wasm_bg.wasm", folder)) });
