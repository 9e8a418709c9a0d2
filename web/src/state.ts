/** The page's state, and the one way through it: files, version and configuration go to the linter, its answer comes back. */
import { computed, effect, signal } from "@preact/signals";
import {
  defaultPostgres,
  versions,
  type Analysis,
  type Check,
  type Effects,
  type Postgres,
  type StatementEffects,
} from "./contract";
import { Linter, type Input, type Trouble } from "./engine/linter";
import { activePath, files, saveFiles, schemaPath, text } from "./files";
import { remarkAt, remarksOf, type Remark } from "./remarks";
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

export const postgres = signal<Postgres>(savedPostgres());
/** The text of `lockkeeper.toml`. */
export const config = signal(load("config") ?? "");
export const selection = signal<Range>({ from: 0, to: 0 });
export const result = signal<Result | null>(null);
export const trouble = signal<Trouble | null>(null);
/** What is wrong with the configuration; null when it is understood. */
export const configMistake = signal<string | null>(null);
/** Something has changed since the last answer. */
const changed = signal(true);

export const blank = computed(() => text.value.trim() === "");
/** An answer is on its way. */
export const pending = computed(() => changed.value && trouble.value?.kind !== "unavailable");
export const remarks = computed(() => (result.value ? remarksOf(result.value.analysis) : []));
export const statements = computed(() => result.value?.analysis.effects.statements ?? []);

/** The remark that the caret is in. */
export const currentRemark = computed(() => remarkAt(remarks.value, selection.value.from, selection.value.to));

/** The number of the statement that the caret is in or behind; -1 before the first. */
export const currentStatement = computed(() =>
  statements.value.findLastIndex((it) => it.start.offset <= selection.value.from),
);

/** What each server says about the text in sight; empty until it is known. */
export const byVersion = signal<ReadonlyMap<Postgres, Check>>(new Map());
/** How many remarks the other files have; empty while there is one file. */
export const byFile = signal<ReadonlyMap<string, number>>(new Map());

/** Texts above this length are looked at once only, in UTF-16 code units. */
const surveyed = 200_000;

const linter = new Linter({
  analysed(analysis, milliseconds) {
    result.value = { analysis, milliseconds };
    configMistake.value = null;
    trouble.value = null;
    changed.value = false;
    survey(analysis);
  },
  refused(reason) {
    configMistake.value = reason;
    changed.value = false;
  },
  troubled(what) {
    trouble.value = what;
    result.value = null;
    changed.value = false;
  },
});

/** Asks what the other servers say, and what there is to say about the other files. */
function survey({ check }: Analysis) {
  const input = currentInput();
  if (input.files.reduce((sum, it) => sum + it.text.length, 0) > surveyed) {
    byVersion.value = new Map();
    byFile.value = new Map();
    return;
  }
  const { schema, config } = input;
  const others = versions.filter((it) => it !== check.postgres);
  const want = ["check"] as const;
  linter.survey({ report: [input.report], schema, config, versions: others, want }, (analyses) => {
    byVersion.value = new Map([...analyses.map((it) => it.check), check].map((it) => [it.postgres, it]));
  });
  const paths = input.files.map((it) => it.path).filter((it) => it !== schema);
  if (paths.length < 2) {
    byFile.value = new Map();
    return;
  }
  linter.survey({ report: paths, schema, config, versions: [check.postgres], want }, ([all]) => {
    const counts = new Map<string, number>();
    for (const { path } of [...all!.check.findings, ...all!.check.problems])
      counts.set(path, (counts.get(path) ?? 0) + 1);
    byFile.value = counts;
  });
}

/** What the statements of the file in sight do on one server, with another text if one is given, and those of its history. */
export function effectsOn(
  version: Postgres,
  instead?: string,
): Promise<{ own: Effects; history: { path: string; statements: StatementEffects[] }[] }> {
  const { report, schema, config, files } = currentInput();
  const other = instead === undefined ? {} : { instead: { path: report, text: instead } };
  const want = ["effects"] as const;
  const before = files.map((it) => it.path).filter((it) => it !== report && it !== schema);
  return new Promise((resolve) => {
    const ask = (paths: string[], use: string | null, answer: (effects: Effects) => void) =>
      linter.survey({ report: paths, schema: use, config, versions: [version], want, ...other }, ([it]) =>
        answer(it!.effects),
      );
    const history = new Map<string, StatementEffects[]>();
    const collect = ({ statements }: Effects) => {
      for (const it of statements) if (it.path !== report) history.set(it.path, [...(history.get(it.path) ?? []), it]);
    };
    if (schema) ask([schema], null, collect);
    // Files that run after the last one that reports are left out, so the order of the answer is that of the history.
    if (before.length > 0) {
      ask([...before, report], schema, (effects) => {
        const end = effects.statements.findIndex((it) => it.path === report);
        collect({ ...effects, statements: end < 0 ? effects.statements : effects.statements.slice(0, end) });
      });
    }
    ask([report], schema, (own) =>
      resolve({ own, history: [...history].map(([path, statements]) => ({ path, statements })) }),
    );
  });
}

const keyOf = ({ rule, start, end }: Pick<Remark, "rule" | "start" | "end">) => `${rule} ${start.offset} ${end.offset}`;

/** The servers that say something too; null while that is unknown or when all of them do. */
export function versionsOf(remark: Remark): Postgres[] | null {
  if (remark.rule === null || byVersion.value.size < versions.length) return null;
  const key = keyOf(remark);
  const saying = versions.filter((it) => byVersion.value.get(it)?.findings.some((finding) => keyOf(finding) === key));
  return saying.length === versions.length ? null : saying;
}

/** What the engine is asked about now. The schema does not start from itself. */
function currentInput(): Input {
  const report = activePath.peek();
  const schema = schemaPath.peek() === report ? null : schemaPath.peek();
  return { files: files.peek(), report, schema, config: config.peek(), postgres: postgres.peek() };
}

/** Starts an engine that was unavailable, and asks again: the question may have been lost with the old one. */
export function restartEngine() {
  trouble.value = null;
  changed.value = true;
  linter.restart();
  linter.check(currentInput(), 0);
}

/** Pause after the last key before the text is sent: none while answers come at once. */
const pause = () => ((result.peek()?.milliseconds ?? 0) < 30 ? 0 : undefined);

/** Sends the files when they stop changing; what is chosen in one step goes out at once. */
export function connect() {
  effect(() => {
    changed.value = true;
    void files.value;
    linter.check(currentInput(), pause());
  });
  effect(() => {
    changed.value = true;
    save("postgres", String(postgres.value));
    save("config", config.value || null);
    void activePath.value;
    linter.check(currentInput(), 0);
  });
}

/** Called when the reader, and not an address or an example, changed the files. */
export const keep = saveFiles;

function savedPostgres(): Postgres {
  const saved = Number(load("postgres"));
  return versions.find((version) => version === saved) ?? defaultPostgres;
}
