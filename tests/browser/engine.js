/** The page's own modules in Node: the engine cuts texts into statements, and links are written as the page writes them. */
import { readFileSync } from "node:fs";

async function load(folder) {
  const at = (name) => new URL(`../../web/${folder}/${name}`, import.meta.url);
  const module = await import(at("lockkeeper_wasm.js").href);
  module.initSync({ module: readFileSync(at("lockkeeper_wasm_bg.wasm")) });
  return module;
}

export const { Engine } = await load("pkg");
export const { encodeLink } = await load("pkg-links");
