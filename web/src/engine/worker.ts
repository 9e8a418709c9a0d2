/**
 * Runs the engine off the main thread, so that typing never waits for it.
 *
 * There are two: a small one, and the whole one, which also reads Python and takes its place with the first `.py` file.
 */
import init, { decodeLink, encodeLink, Engine } from "lockkeeper-engine";
import type { File } from "../files";
import type { Answer, LinkTask, Question, Survey } from "./protocol";

let engine: Engine | undefined;
let readsPython = false;
/** What the engine has. */
const texts = new Map<string, string>();

function say(answer: Answer) {
  postMessage(answer);
}

const isPython = ({ path }: File) => path.endsWith(".py");

/** The engine that can read these files. */
async function engineFor(current: Engine, files: readonly File[]): Promise<Engine> {
  if (readsPython || !files.some(isPython)) return current;
  const module = await import("./python");
  await module.default();
  const whole = new module.Engine();
  for (const [path, text] of texts) whole.set(path, text);
  readsPython = true;
  engine = whole;
  return whole;
}

function analyse(engine: Engine, { revision, set, removed, report, schema, config, postgres }: Question) {
  const start = performance.now();
  for (const path of removed) {
    engine.remove(path);
    texts.delete(path);
  }
  for (const { path, text } of set) {
    engine.set(path, text);
    texts.set(path, text);
  }
  const analysis = engine.analyse({
    report: [report],
    schema,
    config,
    postgres,
    offsets: "utf16",
    want: ["check", "effects"],
  });
  say({ kind: "analysed", revision, analysis, milliseconds: performance.now() - start });
}

function look(engine: Engine, { survey, report, schema, config, versions, want, instead }: Survey) {
  const before = instead && texts.get(instead.path);
  if (instead) engine.set(instead.path, instead.text);
  try {
    const analyses = versions.map((postgres) =>
      engine.analyse({ report, schema, config, postgres, offsets: "utf16", want }),
    );
    say({ kind: "surveyed", survey, analyses });
  } finally {
    if (instead && before !== undefined) engine.set(instead.path, before);
  }
}

function link(task: LinkTask) {
  try {
    if ("write" in task) say({ kind: "written", link: task.link, letters: encodeLink(task.write) });
    else say({ kind: "read", link: task.link, shared: decodeLink(task.read) });
  } catch (error) {
    say({ kind: "no link", link: task.link, reason: error instanceof Error ? error.message : String(error) });
  }
}

onmessage = async ({ data }: MessageEvent<Question | Survey | LinkTask>) => {
  if (!engine) return;
  if ("link" in data) {
    link(data);
    return;
  }
  const revision = "survey" in data ? data.survey : data.revision;
  try {
    if ("survey" in data) look(await engineFor(engine, data.instead ? [data.instead] : []), data);
    else analyse(await engineFor(engine, data.set), data);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // The engine throws for a request that it cannot understand. Anything else is a panic, which leaves the module's
    // memory in an unknown state.
    if (error instanceof Error && !(error instanceof WebAssembly.RuntimeError) && error.name === "Error") {
      say({ kind: "refused", revision, reason });
      return;
    }
    engine = undefined;
    say({ kind: "crashed", revision, reason });
  }
};

try {
  await init();
  engine = new Engine();
  say({ kind: "ready" });
} catch (error) {
  say({ kind: "unavailable", reason: String(error) });
}
