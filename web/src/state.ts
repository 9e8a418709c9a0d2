/** The page's state, and the one way through it: files, version and configuration go to the linter, its answer comes back. */
import { batch, computed, effect, signal } from "@preact/signals";
import {
  defaultPostgres,
  versions,
  type Analysis,
  type Check,
  type Effects,
  type Postgres,
  type SchemaReport,
  type Shared,
  type StatementEffects,
} from "./contract";
import { Linter, type Input, type Trouble } from "./engine/linter";
import { activePath, files, saveFiles, schemaPath, standsBeside, text, type File } from "./files";
import { moved } from "./moved";
import { remarkAt, remarksOf, type Remark } from "./remarks";
import { load, save } from "./storage";

export interface Result {
  analysis: Analysis;
  /** The file in sight that it is of. */
  file: File;
  /** Time that the engine took, in milliseconds. */
  milliseconds: number;
}

/** What is wrong with the configuration, and where: both counted from 1, columns in characters. */
export interface ConfigMistake {
  message: string;
  place: { line: number; column: number } | null;
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
/**
 * What is found, while what the statements do is still being written: they are those of the result before, moved to
 * where they stand now.
 */
const early = signal<{ check: Check; statements: StatementEffects[] } | null>(null);
/** What there is to show is about to be joined by the rest. */
export const isEarly = computed(() => early.value !== null);
export const trouble = signal<Trouble | null>(null);
/** What is wrong with the configuration; null when it is understood. */
export const configMistake = signal<ConfigMistake | null>(null);
/** Something has changed since the last answer. */
const changed = signal(true);

export const blank = computed(() => text.value.trim() === "");
/** An answer is on its way. */
export const pending = computed(() => changed.value && trouble.value?.kind !== "unavailable");
const check = computed(() => early.value?.check ?? result.value?.analysis.check ?? null);
export const remarks = computed(() => (check.value ? remarksOf(check.value) : []));
export const statements = computed(() => early.value?.statements ?? result.value?.analysis.effects.statements ?? none);
const none: StatementEffects[] = [];

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

/** Without another key for so long, in milliseconds, there is time for more than findings. */
const rest = 300;
let surveySoon = 0;

/** Texts above this length are looked at once only, in UTF-16 code units. */
const surveyed = 200_000;

const linter = new Linter({
  found(check) {
    const [before, file] = [result.peek(), fileInSight()];
    // That nothing is found is said together with what is locked.
    if (before?.file.path !== file.path || nothingIn(check)) return;
    early.value = { check, statements: moved(before.analysis.effects.statements, before.file.text, file.text) };
  },
  analysed(analysis, milliseconds) {
    batch(() => {
      conclude(analysis, milliseconds);
      configMistake.value = null;
      trouble.value = null;
      changed.value = false;
    });
    clearTimeout(surveySoon);
    surveySoon = setTimeout(() => survey(analysis), rest);
  },
  refused(reason) {
    configMistake.value = mistakeOf(reason);
    changed.value = false;
  },
  troubled(what) {
    batch(() => {
      trouble.value = what;
      result.value = early.value = null;
      changed.value = false;
    });
  },
});

const fileInSight = (): File => ({ path: activePath.peek(), text: text.peek() });
const nothingIn = ({ findings, problems, unused_suppressions }: Check) =>
  findings.length + problems.length + unused_suppressions.length === 0;

/** This is what there is to say about the file in sight. */
export function conclude(analysis: Analysis, milliseconds = 0) {
  early.value = null;
  result.value = { analysis, file: fileInSight(), milliseconds };
}

/** The engine puts the place before its complaint, as compilers do. */
function mistakeOf(reason: string): ConfigMistake {
  const [, line, column, message] = /^lockkeeper\.toml:(\d+):(\d+): (.*)$/s.exec(reason) ?? [];
  if (message === undefined) return { message: reason, place: null };
  return { message, place: { line: Number(line), column: Number(column) } };
}

/** Asks what the other servers say, and what there is to say about the other files. */
function survey({ check }: Analysis) {
  // Another question has gone out meanwhile, and its answer asks again.
  if (changed.peek()) return;
  const input = currentInput();
  const paths = migrationsOf(input).filter((it) => it !== input.schema);
  const small = input.files.reduce((sum, it) => sum + it.text.length, 0) <= surveyed;
  if (small) void surveyVersions(input, check);
  else byVersion.value = new Map();
  if (small && paths.length > 1) void surveyFiles(input, paths, check.postgres);
  else byFile.value = new Map();
}

async function surveyVersions({ report, schema, config }: Input, check: Check) {
  // One by one, so that a key never waits for more than one of them.
  const ask = (version: Postgres) =>
    linter.survey({ report: [report], schema, config, versions: [version], want: ["check"] });
  const answers = await Promise.all(versions.filter((it) => it !== check.postgres).map(ask));
  const checks = answers.flatMap((it) => it?.map(({ check }) => check) ?? []);
  if (checks.length === versions.length - 1)
    byVersion.value = new Map([...checks, check].map((it) => [it.postgres, it]));
}

async function surveyFiles({ schema, config }: Input, report: string[], version: Postgres) {
  const all = (await linter.survey({ report, schema, config, versions: [version], want: ["check"] }))?.[0];
  if (!all) return;
  const counts = new Map<string, number>();
  for (const { path } of [...all.check.findings, ...all.check.problems]) counts.set(path, (counts.get(path) ?? 0) + 1);
  byFile.value = counts;
}

const migrationsOf = ({ files }: Input) => files.filter((it) => !standsBeside(it)).map((it) => it.path);

/** A statement, and the text that a server is sent of it. */
export interface Sending {
  statement: StatementEffects;
  sql: string;
}

/**
 * What the statements of the file in sight do on one server, with another text if one is given, and those of its
 * history. Null when the text changed meanwhile, or when the engine failed.
 */
export async function effectsOn(
  version: Postgres,
  instead?: string,
): Promise<{ own: Effects; sent: Sending[]; history: Sending[] } | null> {
  const input = currentInput();
  const { report, schema, config } = input;
  const other = instead === undefined ? {} : { instead: { path: report, text: instead } };
  const before = migrationsOf(input).filter((it) => it !== report && it !== schema);
  // What a program sends does not stand in its file, and only the whole engine tells it.
  const want: (keyof Analysis)[] = [report, ...before].some((it) => it.endsWith(".py"))
    ? ["effects", "sql"]
    : ["effects"];
  const ask = async (paths: string[], schema: string | null): Promise<Analysis | null> =>
    (await linter.survey({ report: paths, schema, config, versions: [version], want, ...other }))?.[0] ?? null;
  const [given, all, own] = await Promise.all([
    schema ? ask([schema], null) : nothing,
    before.length > 0 ? ask([...before, report], schema) : nothing,
    ask([report], schema),
  ]);
  if (!given || !all || !own) return null;
  const texts = new Map(input.files.map((it) => [it.path, it.text]));
  if (instead !== undefined) texts.set(report, instead);
  const sendings = ({ effects, sql }: typeof nothing): Sending[] =>
    effects.statements.map((statement, at) => {
      const { path, start, end } = statement;
      const written = () => texts.get(path)?.slice(start.offset, end.offset) ?? "";
      return { statement, sql: sql?.statements[at]?.sql ?? written() };
    });
  // Files that run after the one in sight are not its history; the answer has them in the order in which they run.
  const history = sendings(all);
  const end = history.findIndex((it) => it.statement.path === report);
  const earlier = end < 0 ? history : history.slice(0, end);
  return { own: own.effects, sent: sendings(own), history: [...sendings(given), ...earlier] };
}

const nothing: { effects: Pick<Effects, "statements">; sql?: Analysis["sql"] } = { effects: { statements: [] } };

/** The schema after the file in sight, as tables and as SQL; null when nobody knows. */
export async function schemaAfter(): Promise<Pick<Analysis, "schema" | "ddl"> | null> {
  const { report, schema, config, postgres } = currentInput();
  const want = ["schema", "ddl"] as const;
  return (await linter.survey({ report: [report], schema, config, versions: [postgres], want }))?.[0] ?? null;
}

/**
 * The schema around the file in sight: what there is before it, and after it. Null when nobody knows, or when the text
 * is too long to be looked at again.
 */
export async function schemaAround(): Promise<{ before: SchemaReport; after: SchemaReport } | null> {
  const { files, report, schema, config, postgres } = currentInput();
  if (files.reduce((sum, it) => sum + it.text.length, 0) > surveyed) return null;
  const look = async (more: { instead?: File }) => {
    const question = { report: [report], schema, config, versions: [postgres], want: ["schema"] as const, ...more };
    return (await linter.survey(question))?.[0]?.schema ?? null;
  };
  // Without its text a revision has no place in its chain, so nobody knows what was before it.
  const isPython = report.endsWith(".py");
  const [before, after] = await Promise.all([
    isPython ? null : look({ instead: { path: report, text: "" } }),
    // At last, so that the engine has the file's own text again.
    look({}),
  ]);
  return after && (isPython || before) ? { before: before ?? after, after } : null;
}

/** One report on the file in sight, when there is time; null when nobody knows. */
async function ask<Name extends keyof Analysis>(name: Name): Promise<Analysis[Name] | null> {
  const { report, schema, config, postgres } = currentInput();
  const found = await linter.survey({ report: [report], schema, config, versions: [postgres], want: [name] });
  return found?.[0]?.[name] ?? null;
}

/** What `lockkeeper check --format markdown` prints. */
export async function markdownReport(): Promise<string> {
  const report = await ask("markdown");
  if (!report) throw new Error("the engine has no answer");
  return report.text;
}

/** What `lockkeeper comment --dry-run` prints. */
export const comment = () => ask("comment");
export const sarif = () => ask("sarif");
export const syntaxTrees = () => ask("tree");

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

/** Sends what has changed without waiting for what else changes in this task, unless a pause is due. */
export const askNow = () => linter.flush();

/** Time after which a reader is told that the engine is still at it, in milliseconds. */
const patience = 1000;

/** The engine has been busy for a while. */
export const slow = signal(false);
effect(() => {
  slow.value = false;
  if (!pending.value) return;
  const timer = setTimeout(() => (slow.value = true), patience);
  return () => clearTimeout(timer);
});

export const cancelCheck = () => linter.cancel();

/**
 * Pause after the last key before the text is sent, in milliseconds: none while answers come at once, for only one
 * question is ever on its way. A text that keeps the engine busy is sent when the typing stops. The first answer may
 * have taken longer than the next ones will, so it must not make a typist wait for the end of the line.
 */
function pause() {
  const took = result.peek()?.milliseconds ?? 0;
  return took < 100 ? 0 : took / 4;
}

/** Sends the files when they stop changing; what is chosen in one step goes out at once. */
export function connect() {
  // Asked before the page hears of it: the engine works while the page is rendered.
  effect(() => {
    void files.value;
    linter.check(currentInput(), pause());
    changed.value = true;
  });
  effect(() => {
    void [postgres.value, config.value, activePath.value];
    linter.check(currentInput(), 0);
    changed.value = true;
  });
}

/** The reader's choices are kept; what a link brings along is not. */
export function choosePostgres(version: Postgres) {
  postgres.value = version;
  save("postgres", String(version));
}

export function changeConfig(text: string) {
  config.value = text;
  save("config", text || null);
}

export const writeLink = (shared: Shared) => linter.writeLink(shared);
export const readLink = (letters: string) => linter.readLink(letters);

/** Called when the reader, and not an address or an example, changed the files. */
export const keep = saveFiles;

function savedPostgres(): Postgres {
  const saved = Number(load("postgres"));
  return versions.find((version) => version === saved) ?? defaultPostgres;
}
