/** The WebAssembly modules, as wasm-bindgen writes them for `--target web`. */
declare module "lockkeeper-engine" {
  import type { AnalyseRequest } from "../contract";

  /** Fetches and starts the module; must be awaited before an `Engine` is made. */
  export default function init(): Promise<unknown>;

  /** Keeps files between calls and parses only what changed. */
  export class Engine {
    constructor();
    set(path: string, text: string): void;
    remove(path: string): void;
    /**
     * The JSON of an `Analysis`. A function `found` is called with the JSON of its `check`, which the answer then lacks,
     * before the rest is made.
     */
    analyse(request: AnalyseRequest, found?: (check: string) => void): string;
  }
}

/** The same, and it reads Python. */
declare module "lockkeeper-engine/python" {
  export * from "lockkeeper-engine";
  export { default } from "lockkeeper-engine";
}

/** Permalinks. */
declare module "lockkeeper-engine/links" {
  import type { Shared } from "../contract";

  export { default } from "lockkeeper-engine";

  /** The fragment of a permalink, without its `#`. */
  export function encodeLink(shared: Shared): string;
  /** Throws an `Error` that says why it is none. */
  export function decodeLink(letters: string): Shared;
}
