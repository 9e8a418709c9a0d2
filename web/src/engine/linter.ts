/**
 * Keeps one worker busy with the newest text.
 *
 * At most one question is on its way; while it is, only the newest of the others is kept. An answer to an older
 * revision is dropped. A worker that crashes or takes too long is thrown away and replaced; the text that did it is not
 * sent again, so the next change of the text is what tries anew.
 */
import type { Analysis, Postgres } from "../contract";
import type { Answer, Question } from "./protocol";

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
  troubled(trouble: Trouble): void;
}

export class Linter {
  #listener: Listener;
  #worker: Worker | undefined;
  #ready = false;
  #revision = 0;
  #waiting: Question | undefined;
  #asked: Question | undefined;
  #debounce = 0;
  #watchdog = 0;

  constructor(listener: Listener) {
    this.#listener = listener;
    this.#start();
  }

  /** Asks for an analysis soon; a later call replaces this one. */
  check(text: string, postgres: Postgres, delay = debounce) {
    this.#revision += 1;
    this.#waiting = { revision: this.#revision, text, postgres };
    clearTimeout(this.#debounce);
    this.#debounce = setTimeout(() => {
      this.#debounce = 0;
      this.#send();
    }, delay);
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
        clearTimeout(this.#watchdog);
        this.#asked = undefined;
        if (answer.revision === this.#revision) this.#listener.analysed(answer.analysis, answer.milliseconds);
    }
    this.#send();
  }

  #send() {
    if (!this.#worker || !this.#ready || this.#asked || !this.#waiting || this.#debounce) return;
    this.#asked = this.#waiting;
    this.#waiting = undefined;
    this.#watchdog = setTimeout(() => this.#replace("timed out", `no answer in ${limit / 1000} s`), limit);
    this.#worker.postMessage(this.#asked);
  }
}
