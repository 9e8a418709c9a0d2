/**
 * Keeps one worker busy with the newest text.
 *
 * At most one question is on its way; while it is, only the newest of the others is kept. An answer to an older
 * revision is dropped. A worker that crashes or takes too long is thrown away and replaced; the text that did it is not
 * sent again, so the next change of the text is what tries anew.
 */
import type { Analysis, Postgres } from "../contract";
import type { File } from "../files";
import type { Answer, Question, Survey } from "./protocol";

/** Pause after the last key before the text is sent, in milliseconds. */
const debounce = 150;
/** Time that one analysis may take, in milliseconds. */
const limit = 10_000;

/** Why there are no findings. `unavailable`: the engine did not start at all. */
export interface Trouble {
  kind: "unavailable" | "crashed" | "timed out";
  reason: string;
}

export interface Listener {
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

type Surveyed = (analyses: Analysis[]) => void;

export class Linter {
  #listener: Listener;
  #worker: Worker | undefined;
  #ready = false;
  #revision = 0;
  #waiting: { revision: number; input: Input } | undefined;
  #asked: Question | Survey | undefined;
  #surveys: { survey: Survey; answer: Surveyed }[] = [];
  /** What the worker has: file by file, so that a key sends one of them. */
  #sent = new Map<string, string>();
  #debounce = 0;
  #watchdog = 0;

  constructor(listener: Listener) {
    this.#listener = listener;
    this.#start();
  }

  /** Asks for an analysis soon; a later call replaces this one, and surveys of the text before are dropped. */
  check(input: Input, delay = debounce) {
    this.#revision += 1;
    this.#waiting = { revision: this.#revision, input };
    this.#surveys = [];
    clearTimeout(this.#debounce);
    this.#debounce = setTimeout(() => {
      this.#debounce = 0;
      this.#send();
    }, delay);
  }

  /** Asks about the files that were checked last, when nothing more urgent is to be done: one answer a version. */
  survey(question: Omit<Survey, "survey">, answer: Surveyed) {
    this.#surveys.push({ survey: { ...question, survey: this.#revision }, answer });
    this.#send();
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
    this.#surveys = [];
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
        break;
      case "unavailable":
        this.#giveUp(answer.reason);
        return;
      case "crashed":
        this.#replace("crashed", answer.reason);
        return;
      case "analysed":
        this.#answered();
        if (answer.revision === this.#revision) this.#listener.analysed(answer.analysis, answer.milliseconds);
        break;
      case "refused":
        this.#answered();
        if (answer.revision === this.#revision) this.#listener.refused(answer.reason);
        break;
      case "surveyed": {
        this.#answered();
        const survey = this.#surveys[0];
        if (survey && answer.survey === this.#revision) {
          this.#surveys.shift();
          survey.answer(answer.analyses);
        }
      }
    }
    this.#send();
  }

  #answered() {
    clearTimeout(this.#watchdog);
    this.#asked = undefined;
  }

  #send() {
    if (!this.#worker || !this.#ready || this.#asked || this.#debounce) return;
    const next = this.#waiting ? this.#question(this.#waiting) : this.#surveys[0]?.survey;
    if (!next) return;
    this.#waiting = undefined;
    this.#asked = next;
    this.#watchdog = setTimeout(() => this.#replace("timed out", `no answer in ${limit / 1000} s`), limit);
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
