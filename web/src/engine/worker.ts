/** Runs the engine off the main thread, so that typing never waits for it. */
import init, { Engine } from "lockkeeper-engine";
import type { Analysis } from "../contract";
import type { Answer, Question } from "./protocol";

const path = "migration.sql";
let engine: Engine | undefined;

function say(answer: Answer) {
  postMessage(answer);
}

function analyse(engine: Engine, { text, postgres }: Question): Analysis {
  engine.set(path, text);
  return engine.analyse({ report: [path], config: "", postgres, offsets: "utf16", want: ["check", "effects"] });
}

onmessage = ({ data: question }: MessageEvent<Question>) => {
  if (!engine) return;
  const { revision } = question;
  const start = performance.now();
  try {
    const analysis = analyse(engine, question);
    say({ kind: "analysed", revision, analysis, milliseconds: performance.now() - start });
  } catch (error) {
    // A panic leaves the module's memory in an unknown state.
    engine = undefined;
    say({ kind: "crashed", revision, reason: String(error) });
  }
};

try {
  await init();
  engine = new Engine();
  say({ kind: "ready" });
} catch (error) {
  say({ kind: "unavailable", reason: String(error) });
}
