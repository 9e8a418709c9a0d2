/** The WebAssembly module, as wasm-bindgen writes it into `web/pkg` for `--target web`. */
declare module "lockkeeper-engine" {
  import type { Analysis, AnalyseRequest, Shared } from "../contract";

  /** Fetches and starts the module; must be awaited before an `Engine` is made. */
  export default function init(): Promise<unknown>;

  /** Keeps files between calls and parses only what changed. */
  export class Engine {
    constructor();
    set(path: string, text: string): void;
    remove(path: string): void;
    analyse(request: AnalyseRequest): Analysis;
  }

  /** The fragment of a permalink, without its `#`. */
  export function encodeLink(shared: Shared): string;
  /** Throws an `Error` that says why it is none. */
  export function decodeLink(letters: string): Shared;
}
