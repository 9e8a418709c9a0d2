/**
 * Keeps one worker busy with the newest text.
 *
 * At most one question is on its way; while it is, only the newest of the others is kept. An answer to an older
 * revision is dropped. A worker that crashes or takes too long is thrown away and replaced; the text that did it is not
 * sent again, so the next change of the text is what tries anew.
 */
import type { Analysis, Check, Postgres, Shared } from "../contract";
import type { File } from "../files";
import type { Answer, LinkAnswer, LinkTask, Question, Survey } from "./protocol";

/** The longest pause after the last key before the text is sent, in milliseconds. */
const longest = 150;
/** Time that one analysis may take, in milliseconds. */
const limit = 10_000;

const notStarted = "the engine could not start";

/** Why there are no findings. `unavailable`: the engine did not start at all; `stopped`: the reader did not want to wait. */
export interface Trouble {
  kind: "unavailable" | "crashed" | "timed out" | "stopped";
  reason: string;
}

export interface Listener {
  /** What is found; the analysis that it belongs to follows. */
  found(check: Check): void;
  analysed(analysis: Analysis, milliseconds: number): void;
  /** The configuration is not understood, so nothing new is known. */
  refused(reason: string): void;
  troubled(trouble: Trouble): void;
}

/** Everything that findings depend on. */
export interface Input {
  files: readonly File[];
  /** The path of the file that reports. */
  report: string;
  schema: string | null;
  config: string;
  postgres: Postgres;
}

interface LinkAsked {
  task: LinkTask;
  answer: (answer: LinkAnswer) => void;
}

/** Null when the text changed before its turn came, or when the engine failed. */
type Surveyed = Analysis[] | null;

export class Linter {
  #listener: Listener;
  #worker: Worker | undefined;
  #ready = false;
  #revision = 0;
  #waiting: { revision: number; input: Input } | undefined;
  #asked: Question | Survey | undefined;
  /** What has come of the answer to that. */
  #found: Check | undefined;
  #surveys: { survey: Survey; answer: (analyses: Surveyed) => void }[] = [];
  #links = new Map<number, LinkAsked>();
  #lastLink = 0;
  /** What the worker has: file by file, so that a key sends one of them. */
  #sent = new Map<string, string>();
  #debounce = 0;
  #watchdog = 0;

  constructor(listener: Listener) {
    this.#listener = listener;
    this.#start();
  }

  /** Asks for an analysis after a pause; a later call replaces this one, and surveys of the text before are dropped. */
  check(input: Input, pause: number) {
    this.#revision += 1;
    this.#waiting = { revision: this.#revision, input };
    this.#dropSurveys();
    clearTimeout(this.#debounce);
    this.#debounce = 0;
    // What is sent at once does not wait for the browser to paint, but for everything that changes together.
    if (pause === 0) queueMicrotask(() => this.#send());
    else
      this.#debounce = setTimeout(
        () => {
          this.#debounce = 0;
          this.#send();
        },
        Math.min(pause, longest),
      );
  }

  /** What waits for no pause is sent in this very moment. */
  flush() {
    this.#send();
  }

  /** Asks about the files that were checked last, when nothing more urgent is to be done: one answer a version. */
  survey(question: Omit<Survey, "survey">): Promise<Surveyed> {
    if (!this.#worker) return Promise.resolve(null);
    return new Promise((answer) => {
      this.#surveys.push({ survey: { ...question, survey: this.#revision }, answer });
      this.#send();
    });
  }

  /** Everyone who asked hears that there will be no answer, so that nobody waits for ever. */
  #dropSurveys() {
    for (const { answer } of this.#surveys.splice(0)) answer(null);
  }

  /** The letters of a permalink. */
  async writeLink(shared: Shared): Promise<string> {
    const answer = await this.#link((link) => ({ link, write: shared }));
    if (answer.kind === "written") return answer.letters;
    throw new Error(answer.kind === "no link" ? answer.reason : notStarted);
  }

  /** What a permalink holds. Fails with the reason if it is none. */
  async readLink(letters: string): Promise<Shared> {
    const answer = await this.#link((link) => ({ link, read: letters }));
    if (answer.kind === "read") return answer.shared;
    throw new Error(answer.kind === "no link" ? answer.reason : notStarted);
  }

  /** Links do not wait for an analysis, nor are they dropped when the text changes. */
  #link(taskOf: (link: number) => LinkTask): Promise<LinkAnswer> {
    const task = taskOf(++this.#lastLink);
    if (!this.#worker) return Promise.resolve({ kind: "no link", link: task.link, reason: notStarted });
    return new Promise((answer) => {
      this.#links.set(task.link, { task, answer });
      if (this.#ready) this.#worker?.postMessage(task);
    });
  }

  #hearLink(answer: LinkAnswer) {
    this.#links.get(answer.link)?.answer(answer);
    this.#links.delete(answer.link);
  }

  /** Ends the analysis that is going on. */
  cancel() {
    this.#replace("stopped", "");
  }

  /** Tries to start an engine that was unavailable. */
  restart() {
    this.#stop();
    this.#start();
  }

  #start() {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#hear(data);
    worker.onerror = (event) => {
      event.preventDefault();
      const reason = event.message || "the worker could not be loaded";
      if (this.#ready) this.#replace("crashed", reason);
      else this.#giveUp(reason);
    };
    this.#worker = worker;
  }

  #stop() {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#ready = false;
    this.#asked = undefined;
    this.#found = undefined;
    this.#dropSurveys();
    for (const link of this.#links.keys()) this.#hearLink({ kind: "no link", link, reason: notStarted });
    this.#sent.clear();
    clearTimeout(this.#watchdog);
  }

  #replace(kind: Trouble["kind"], reason: string) {
    this.#stop();
    this.#start();
    this.#listener.troubled({ kind, reason });
  }

  #giveUp(reason: string) {
    this.#stop();
    this.#listener.troubled({ kind: "unavailable", reason });
  }

  #hear(answer: Answer) {
    switch (answer.kind) {
      case "ready":
        this.#ready = true;
        for (const { task } of this.#links.values()) this.#worker?.postMessage(task);
        break;
      // The clock stands still: it is for an engine that is stuck, not for a slow network.
      case "fetching":
        clearTimeout(this.#watchdog);
        return;
      case "fetched":
        this.#watch();
        return;
      case "written":
      case "read":
      case "no link":
        this.#hearLink(answer);
        return;
      case "unavailable":
        this.#giveUp(answer.reason);
        return;
      case "crashed":
        this.#replace("crashed", answer.reason);
        return;
      case "found":
        if (answer.revision !== this.#revision) return;
        this.#found = JSON.parse(answer.check) as Check;
        this.#listener.found(this.#found);
        return;
      case "analysed": {
        const check = this.#found;
        this.#settle();
        if (answer.revision === this.#revision)
          this.#listener.analysed({ check, ...JSON.parse(answer.analysis) } as Analysis, answer.milliseconds);
        break;
      }
      case "refused": {
        const asked = this.#settle();
        if (answer.revision !== this.#revision) break;
        if (asked && "survey" in asked) this.#surveys.shift()?.answer(null);
        else this.#listener.refused(answer.reason);
        break;
      }
      case "surveyed":
        this.#settle();
        if (answer.survey === this.#revision)
          this.#surveys.shift()?.answer(answer.analyses.map((it) => JSON.parse(it) as Analysis));
    }
    this.#send();
  }

  #watch() {
    this.#watchdog = setTimeout(() => this.#replace("timed out", `no answer in ${limit / 1000} s`), limit);
  }

  /** The worker is free again; gives what it was asked. */
  #settle() {
    clearTimeout(this.#watchdog);
    const asked = this.#asked;
    this.#asked = undefined;
    this.#found = undefined;
    return asked;
  }

  #send() {
    if (!this.#worker || !this.#ready || this.#asked || this.#debounce) return;
    const next = this.#waiting ? this.#question(this.#waiting) : this.#surveys[0]?.survey;
    if (!next) return;
    this.#waiting = undefined;
    this.#asked = next;
    this.#watch();
    this.#worker.postMessage(next);
  }

  #question({
    revision,
    input: { files, report, schema, config, postgres },
  }: {
    revision: number;
    input: Input;
  }): Question {
    const set = files.filter((it) => this.#sent.get(it.path) !== it.text);
    const paths = new Set(files.map((it) => it.path));
    const removed = [...this.#sent.keys()].filter((path) => !paths.has(path));
    for (const path of removed) this.#sent.delete(path);
    for (const { path, text } of set) this.#sent.set(path, text);
    return { revision, set, removed, report, schema, config, postgres };
  }
}
