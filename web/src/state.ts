/** The page's state, and the one way through it: text and version go to the linter, its answer comes back. */
import { computed, effect, signal } from "@preact/signals";
import { defaultPostgres, versions, type Analysis, type Postgres } from "./contract";
import { Linter, type Trouble } from "./engine/linter";
import { remarkAt, remarksOf } from "./remarks";
import { load, save } from "./storage";

export interface Result {
  analysis: Analysis;
  /** Time that the engine took, in milliseconds. */
  milliseconds: number;
}

/** A range of the text, in UTF-16 code units. */
export interface Range {
  from: number;
  to: number;
}

export const text = signal("");
export const postgres = signal<Postgres>(savedPostgres());
export const selection = signal<Range>({ from: 0, to: 0 });
export const result = signal<Result | null>(null);
export const trouble = signal<Trouble | null>(null);
/** The text or the version has changed since the last answer. */
const changed = signal(true);

export const blank = computed(() => text.value.trim() === "");
/** An answer is on its way. */
export const pending = computed(() => changed.value && trouble.value?.kind !== "unavailable");
export const remarks = computed(() => (result.value ? remarksOf(result.value.analysis) : []));

/** The remark that the caret is in. */
export const currentRemark = computed(() => remarkAt(remarks.value, selection.value.from, selection.value.to));

const linter = new Linter({
  analysed(analysis, milliseconds) {
    result.value = { analysis, milliseconds };
    trouble.value = null;
    changed.value = false;
  },
  troubled(what) {
    trouble.value = what;
    result.value = null;
    changed.value = false;
  },
});

/** Starts an engine that was unavailable, and asks again: the question may have been lost with the old one. */
export function restartEngine() {
  trouble.value = null;
  changed.value = true;
  linter.restart();
  linter.check(text.peek(), postgres.peek(), 0);
}

/** Sends the text when it stops changing; a version is chosen in one step, so it goes out at once. */
export function connect() {
  effect(() => {
    changed.value = true;
    linter.check(text.value, postgres.peek());
  });
  effect(() => {
    changed.value = true;
    save("postgres", String(postgres.value));
    linter.check(text.peek(), postgres.value, 0);
  });
}

function savedPostgres(): Postgres {
  const saved = Number(load("postgres"));
  return versions.find((version) => version === saved) ?? defaultPostgres;
}
