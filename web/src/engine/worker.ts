/**
 * Runs the engine off the main thread, so that typing never waits for it.
 *
 * There are two: a small one, and the whole one, which also reads Python and configurations, shows trees and writes
 * reports for others. That takes its place when the first `.py` file is opened or one of those is asked for.
 * Permalinks are written and read by a third module, which comes with the first link.
 */
import init, { Engine } from "lockkeeper-engine";
import type { Analysis } from "../contract";
import type { File } from "../files";
import type { Answer, LinkTask, Question, Survey } from "./protocol";

let engine: Engine | undefined;
let isWhole = false;
/** What the engine has. */
const texts = new Map<string, string>();

function say(answer: Answer) {
  postMessage(answer);
}

/** Reports that the small engine does not make. */
const ofWhole: ReadonlySet<keyof Analysis> = new Set(["tree", "markdown", "sarif", "comment", "sql"]);
const isOfWhole = (name: keyof Analysis) => ofWhole.has(name);
const isPython = ({ path }: File) => path.endsWith(".py");

const needsWhole = (data: Question | Survey) =>
  data.config.trim() !== "" || ("survey" in data ? data.want.some(isOfWhole) : data.set.some(isPython));

/** The engine that is there, or the whole one. */
async function engineFor(current: Engine, isNeeded: boolean): Promise<Engine> {
  if (isWhole || !isNeeded) return current;
  say({ kind: "fetching" });
  const module = await fetchWhole();
  say({ kind: "fetched" });
  const whole = new module.Engine();
  for (const [path, text] of texts) whole.set(path, text);
  isWhole = true;
  engine = whole;
  return whole;
}

/** The network failed, not the engine. */
class Unfetched extends Error {}

async function fetchWhole() {
  try {
    const module = await import("./python");
    await module.default();
    return module;
  } catch (error) {
    throw new Unfetched(`the whole engine could not be fetched: ${error instanceof Error ? error.message : error}`);
  }
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
  const want = ["check", "effects"] as const;
  const request = { report: [report], schema, config, postgres, offsets: "utf16", want } as const;
  const analysis = engine.analyse(request, (check) => say({ kind: "found", revision, check }));
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

let links: Promise<typeof import("./links")> | undefined;

/** The module of permalinks. Loading it is tried again after it failed. */
function codec() {
  links ??= import("./links").then(async (module) => {
    await module.default();
    return module;
  });
  links.catch(() => (links = undefined));
  return links;
}

async function link(task: LinkTask) {
  try {
    const { decodeLink, encodeLink } = await codec();
    if ("write" in task) say({ kind: "written", link: task.link, letters: encodeLink(task.write) });
    else say({ kind: "read", link: task.link, shared: decodeLink(task.read) });
  } catch (error) {
    say({ kind: "no link", link: task.link, reason: error instanceof Error ? error.message : String(error) });
  }
}

onmessage = async ({ data }: MessageEvent<Question | Survey | LinkTask>) => {
  if (!engine) return;
  if ("link" in data) {
    await link(data);
    return;
  }
  const revision = "survey" in data ? data.survey : data.revision;
  try {
    const answering = await engineFor(engine, needsWhole(data));
    if ("survey" in data) look(answering, data);
    else analyse(answering, data);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof Unfetched) {
      // The small engine goes on; only what needs the whole one has no answer.
      say("survey" in data ? { kind: "refused", revision, reason } : { kind: "unavailable", reason });
      return;
    }
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
