/** One run of the migration on the server in the page: its limits, and what comes of it. */
import type { StatementEffects } from "../contract";
import { activePath, schemaPath, text } from "../files";
import { effectsOn } from "../state";
import { panel, pointedAt } from "../view";
import { Judge } from "./compare";
import type { Job, Order, Report } from "./protocol";
import { asked, before, current, run, runsHere, serverVersion, type Run } from "./state";

/** Time in which more of the download has to come, in milliseconds. */
const stall = 30_000;
/** Time for everything after the download, in milliseconds. */
const limit = 10_000;

let worker: Worker | undefined;
let watchdog = 0;
/** Ends the run that is going on. */
let end: ((part: Partial<Run>) => void) | undefined;

export const verifyText = () => void start("text", text.peek());

/** Runs the text as it stands, then with its fixes. */
export async function verifyFix(fixed: string) {
  panel.value = "verify";
  const original = await start("text", text.peek());
  if (original.phase !== "done") return;
  before.value = original;
  await start("fix", fixed);
}

export const cancel = () => end?.({ phase: "stopped", reason: "stopped" });

const change = (part: Partial<Run>) => {
  if (run.peek()) run.value = { ...run.peek()!, ...part };
};

/** Ends with the run, however it ends; one that is going on is stopped. */
function start(what: Run["what"], sql: string): Promise<Run> {
  cancel();
  if (what === "text") before.value = null;
  const begun: Run = {
    text: sql,
    path: activePath.peek(),
    what,
    phase: "starting",
    progress: 0,
    version: "",
    milliseconds: 0,
    statements: [],
    verified: [],
    madeUp: [],
    historyTrouble: null,
    reason: "",
  };
  run.value = begun;
  return new Promise((resolve) => {
    const ends = (part: Partial<Run>) => {
      // Whatever comes late is about a run that is over.
      if (end !== ends) return;
      worker?.terminate();
      worker = undefined;
      clearTimeout(watchdog);
      end = undefined;
      pointedAt.value = null;
      change(part);
      if (part.phase === "done") keepSpare();
      resolve(run.peek() ?? begun);
    };
    end = ends;
    void prepare(begun).then((task) => {
      // Cancelled meanwhile, or another run has begun.
      if (end !== ends) return;
      if (task) execute(task, ends);
      else ends({ phase: "failed", reason: "The text changed before the run began, or it could not be checked." });
    });
  });
}

interface Task {
  job: Job;
  statements: StatementEffects[];
}

/** What the server is to run, and what the engine says of it; null when the engine cannot say. */
async function prepare({ what, text: sql }: Run): Promise<Task | null> {
  const effects = await effectsOn(serverVersion, what === "fix" ? sql : undefined);
  if (!effects) return null;
  const { own, sent, history } = effects;
  const explicit = new Set(own.transactions.filter((it) => it.explicit).map((it) => it.id));
  const job: Job = {
    history: history.map((it) => it.sql),
    statements: sent.map(({ statement: { kind, transaction }, sql }) => ({
      sql,
      kind,
      transaction,
      explicit: explicit.has(transaction),
    })),
    assumesSchema: history.length === 0 && schemaPath.peek() === null,
  };
  return { job, statements: own.statements };
}

function execute({ job, statements }: Task, end: (part: Partial<Run>) => void) {
  change({ statements });
  let judge = new Judge([], []);
  /** The statement that runs now is marked in the text. */
  const pointAt = (index: number) => {
    const statement = current.peek() ? statements[index] : undefined;
    pointedAt.value = statement ? { from: statement.start.offset, to: statement.end.offset } : null;
  };
  const within = (time: number, reason: string) => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => end({ phase: "failed", reason }), time);
  };
  const moreComes = () => within(stall, `Nothing more of PostgreSQL has come for ${stall / 1000} s.`);
  const hear = (report: Report) => {
    switch (report.kind) {
      case "downloading":
        moreComes();
        change({ phase: "downloading", progress: report.total > 0 ? report.loaded / report.total : 0 });
        break;
      case "booting":
        // A server that was started for the run to come says it once more.
        within(limit, `PostgreSQL did not finish in ${limit / 1000} s and was stopped.`);
        change({ phase: "booting" });
        break;
      case "booted":
        change({ version: report.version });
        break;
      case "preparing":
        change({ phase: "preparing", progress: report.total > 0 ? report.done / report.total : 0 });
        break;
      case "history":
        if (!run.peek()?.historyTrouble) change({ historyTrouble: report });
        break;
      case "prepared":
        judge = new Judge(report.madeUp, report.seeded);
        change({ phase: "running", madeUp: report.madeUp });
        pointAt(0);
        break;
      case "seen": {
        const statement = statements[report.index]!;
        const gaps = job.assumesSchema || run.peek()!.historyTrouble !== null;
        const judgement = judge.judge(statement, report.seen, gaps);
        change({ verified: [...run.peek()!.verified, { statement, seen: report.seen, judgement }] });
        pointAt(report.index + 1);
        break;
      }
      case "done":
        end({ phase: "done", milliseconds: report.milliseconds });
        break;
      case "failed":
        end({ phase: "failed", reason: report.reason });
    }
  };
  worker = takeSpare() ?? startWorker();
  worker.onmessage = ({ data }: MessageEvent<Report>) => hear(data);
  worker.onerror = (event) => {
    event.preventDefault();
    const reason = navigator.onLine ? "it could not be started" : "there is no network";
    end({ phase: "failed", reason: event.message || `PostgreSQL did not run: ${reason}.` });
  };
  worker.postMessage(job satisfies Order);
  moreComes();
}

const startWorker = () => new Worker(new URL("./postgres.ts", import.meta.url), { type: "module", name: "postgres" });

/** A server that has started already waits for the next run; in vain, it is not kept for longer, in milliseconds. */
const patience = 120_000;
let spare: { worker: Worker; dropped: number } | undefined;

/** Who has run a migration often runs it again; where memory is scarce, that one starts when it is needed. */
function keepSpare() {
  if (spare || asksFirst() || document.hidden) return;
  const worker = startWorker();
  worker.onerror = (event) => {
    event.preventDefault();
    dropSpare();
  };
  worker.postMessage("start" satisfies Order);
  spare = { worker, dropped: setTimeout(dropSpare, patience) };
}

function takeSpare(): Worker | undefined {
  clearTimeout(spare?.dropped);
  const worker = spare?.worker;
  spare = undefined;
  return worker;
}

const dropSpare = () => takeSpare()?.terminate();

// It needs hundreds of megabytes, which another page may want.
addEventListener("visibilitychange", () => document.hidden && dropSpare());

/** Ask before megabytes and memory are spent where they are scarce. */
function asksFirst(): boolean {
  const { connection, deviceMemory } = navigator as Navigator & {
    connection?: { saveData?: boolean };
    deviceMemory?: number;
  };
  const small = matchMedia("(max-width: 52rem), (pointer: coarse)").matches;
  return small || connection?.saveData === true || (deviceMemory !== undefined && deviceMemory < 4);
}

/** Starts, where megabytes and memory are scarce only after a question. */
export function verifyOrAsk() {
  if (!runsHere.peek()) return;
  if (!asked.value && asksFirst()) asked.value = true;
  else verifyText();
}
