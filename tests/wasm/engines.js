/** The two builds of one engine: the command line, and the module that the page loads. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const binary = resolve(process.env.LOCKKEEPER ?? at("target/debug/lockkeeper"));
const module = at("web/pkg/lockkeeper_wasm_bg.wasm");

if (!existsSync(binary)) throw new Error(`no command line at ${binary}: run \`cargo build\`, or set LOCKKEEPER`);
if (!existsSync(module)) throw new Error("web/pkg is missing: run `cargo xtask wasm` first");

/** The engine of a module, with answers that are read. */
async function load(folder) {
  const module = await import(`../../web/${folder}/lockkeeper_wasm.js`);
  module.initSync({ module: readFileSync(at(`web/${folder}/lockkeeper_wasm_bg.wasm`)) });
  return class extends module.Engine {
    analyse(request) {
      return JSON.parse(super.analyse(request));
    }
  };
}

export const Engine = await load("pkg");

/** The engine that reads no Python. */
const Small = await load("pkg-sql");

/** A report of the command line on what is below the folder, or on `input` if there is one. */
function native(report, version, { folder, input }) {
  const argv = [report, "--format", "json", "--pg", String(version), input === undefined ? "." : "-"];
  if (report === "check") argv.push("--fail-on", "never");
  const options = { cwd: folder, input, maxBuffer: 1 << 30, stdio: ["pipe", "pipe", "inherit"] };
  const { stdout, status, error } = spawnSync(binary, argv, options);
  if (error) throw error;
  // 2 says that something could not be decoded; the report is whole all the same.
  if (status !== 0 && status !== 2) throw new Error(`lockkeeper ${argv.join(" ")}: status ${status}`);
  return JSON.parse(stdout);
}

/** Both reports by both engines on a folder that holds `files`, a list of paths and texts. */
export function onFolder(folder, files, version) {
  const engine = new Engine();
  for (const [path, text] of files) engine.set(path, text);
  const report = files.map(([path]) => path);
  const request = { report, config: "", postgres: version, offsets: "bytes", want: ["check", "effects"] };
  return { wasm: engine.analyse(request), native: reports(version, { folder }) };
}

/** Both reports by the engine that reads no Python, and by the whole one. */
export function onSqlAlone(files, version) {
  const report = files.map(([path]) => path);
  const request = { report, config: "", postgres: version, offsets: "bytes", want: ["check", "effects"] };
  return [Small, Engine].map((Engine) => {
    const engine = new Engine();
    for (const [path, text] of files) engine.set(path, text);
    return engine.analyse(request);
  });
}

/** Both reports by both engines on one text without a history. */
export function onText(text, version = 17) {
  const engine = new Engine();
  const path = "<stdin>";
  engine.set(path, text);
  const request = { report: [path], postgres: version, want: ["check", "effects"] };
  return { wasm: engine.analyse(request), native: reports(version, { input: text }) };
}

const reports = (version, where) => ({
  check: native("check", version, where),
  effects: native("effects", version, where),
});
