/**
 * The JSON of the engine, as `lockkeeper check --format json` and `effects --format json` print it.
 * The only place of the page that spells these shapes; fields may be added by the engine, never renamed.
 */

/** Lines and columns count from 1; `offset` counts UTF-16 code units from 0, as the editor does. */
export interface Position {
  line: number;
  column: number;
  offset: number;
}

/** A range of one file. */
export interface Span {
  path: string;
  start: Position;
  end: Position;
}

export type Severity = "error" | "warning" | "info";

/** A place that explains a finding, such as the definition it contradicts. */
export interface Label extends Span {
  text: string;
}

/** A change of the text. `start` and `end` are offsets. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** `safe`: the schema ends up the same. `unsafe`: a person must agree. */
export interface Fix {
  safety: "safe" | "unsafe";
  title: string;
  edits: Edit[];
}

/** SQL to write in place of the clause or of the statement. */
export interface Instead {
  /** Where or when to run it, to follow the word "instead". */
  how: string | null;
  sql: string;
  /** What of the file it takes the place of, where it makes files. */
  replaces?: "statement" | "clause" | "nothing";
  /** Where it does not stand in the same place: the files that it makes, in the order in which they run. */
  files?: RecipeFile[];
}

/** Statements of a recipe that go into one file. */
export interface RecipeFile {
  /** In the file of the finding, or in one of its own before or after it. */
  place: "here" | "before" | "after";
  /** Whether a transaction may be around it. */
  transaction: boolean;
  sql: string;
  /** The whole file, where the tool wants to read marks in it. */
  text?: string;
}

/** What a rule says about one statement. */
export interface Finding extends Span {
  rule: string;
  severity: Severity;
  /** What happens to which table, and why. Names stand in backticks. */
  message: string;
  /** What stands at the underlined clause: the reason, in a few words. */
  caption?: string | null;
  /** All that is said about the way out as one text; it ends with what `instead` holds. */
  help?: string | null;
  /** What to write instead, ready to paste. */
  instead?: Instead | null;
  /** What else there is to know. */
  notes: string[];
  /** The rule's page; absent while the site has no address. */
  url?: string | null;
  /** What the history did not say and the finding took for granted. */
  assumed: string[];
  labels: Label[];
  fix?: Fix | null;
}

/** Something that could not be read. */
export interface Problem extends Span {
  kind: "syntax" | "chain" | "read" | "decode" | "extract" | "template";
  severity: Severity;
  message: string;
}

/** An `ignore` comment that silences nothing. */
export interface UnusedSuppression extends Span {
  rule: string;
  message: string;
}

export interface Summary {
  files: number;
  statements: number;
  errors: number;
  warnings: number;
  infos: number;
  problems: number;
}

/** The answer to `check`. */
export interface Check {
  version: 1;
  tool: { name: string; version: string };
  postgres: Postgres;
  summary: Summary;
  findings: Finding[];
  problems: Problem[];
  unused_suppressions: UnusedSuppression[];
}

/** Who waits for a lock. */
export type Blocks = "reads and writes" | "writes" | "schema changes";

export interface Lock {
  relation: string;
  /** As PostgreSQL spells it, such as `SHARE UPDATE EXCLUSIVE`. */
  mode: string;
  blocks: Blocks;
  /** The same file created the relation, so nobody uses it yet. */
  new: boolean;
}

/** The error that the server would raise. */
export interface Failure {
  sqlstate: string;
  message: string;
  /** Set when an earlier failure is the reason, so that this one goes away with it. */
  caused_by: unknown;
}

/** What one top-level statement does to the relations it meets. */
export interface StatementEffects extends Span {
  /** The command tag; null when the statement does not parse. */
  kind: string | null;
  transaction: number;
  /** The statement runs only under a condition that the history does not decide. */
  possible: boolean;
  locks: Lock[];
  rewrites: string[];
  scans: string[];
  index_builds: string[];
  /** Statements that run within this one: the body of a DO block or of a called function. */
  inside: { start: Position; end: Position }[];
  failure: Failure | null;
  assumed: string[];
}

/** `from` and `to` count the statements of the transaction from 1. */
export interface Held {
  relation: string;
  mode: string;
  from: number;
  to: number;
}

export interface Transaction {
  id: number;
  explicit: boolean;
  held: Held[];
}

/** The answer to `effects`: one entry per top-level statement, in file order. */
export interface Effects {
  version: 1;
  postgres: Postgres;
  statements: StatementEffects[];
  transactions: Transaction[];
}

/** The major versions that the engine knows. */
export const versions = [13, 14, 15, 16, 17, 18] as const;
export type Postgres = (typeof versions)[number];
export const defaultPostgres: Postgres = 17;

export interface AnalyseRequest {
  /** The files to report on; other files that were `set` are their context. */
  report: string[];
  /** The file that describes the database the history starts from; it runs first and does not report. */
  schema: string | null;
  /** The text of a `lockkeeper.toml`; empty for the defaults. */
  config: string;
  postgres: Postgres;
  offsets: "utf16";
  want: readonly (keyof Analysis)[];
}

export interface Analysis {
  check: Check;
  effects: Effects;
  schema: SchemaReport;
  ddl: Ddl;
  /** The same as `check`, as `lockkeeper check --format markdown` prints it. */
  markdown: { text: string };
  /** The same for code scanning; what stands in the documents of rules is left out. */
  sarif: Sarif;
  /** What `lockkeeper comment --dry-run` prints. */
  comment: { text: string };
  tree: Trees;
  sql: Sent;
}

/** The answer to `sarif`, as far as the page reads it. */
export interface Sarif {
  runs: { tool: { driver: { rules: SarifRule[] } } }[];
}

export interface SarifRule {
  id: string;
  shortDescription?: { text: string };
  help?: { text: string; markdown: string };
}

/** The answer to `sql`: the statements as the tool sends them, in the order of those of `effects`. */
export interface Sent {
  statements: { sql: string }[];
}

/** What the parser understood: a tree a statement. */
export interface Trees {
  statements: { path: string; tree: TreeNode }[];
}

export interface TreeNode {
  /** What it is to the node above; empty in a list. */
  field: string;
  /** Its type; empty for plain text and numbers. */
  name: string;
  value: string | null;
  /** Where it begins and ends, as offsets. */
  at: [number, number] | null;
  children: TreeNode[];
}

/** The answer to `schema`: what `lockkeeper schema --format json` prints. */
export interface SchemaReport {
  version: 1;
  schemas: Schema[];
}

/** The answer to `ddl`: the same as SQL. */
export interface Ddl {
  sql: string;
}

export interface Schema {
  name: string;
  tables: Table[];
  views: View[];
  types: { name: string; kind: string; labels: string[]; attributes: { name: string; type: string }[] }[];
  domains: { name: string; type: string; nullable: boolean; default: string | null; checks: string[] }[];
  functions: { name: string; kind: string; arguments: string; result: string }[];
  sequences: { name: string; type: string; owned_by: string | null }[];
}

export interface Table {
  name: string;
  kind: string;
  unlogged: boolean;
  partition_by: string | null;
  partition_of: string | null;
  bound: string | null;
  inherits: string[];
  columns: TableColumn[];
  constraints: { name: string; type: string; definition: string; validated: boolean; inherited: boolean }[];
  indexes: Index[];
}

export interface TableColumn {
  name: string;
  type: string;
  nullable: boolean;
  default: string | null;
  identity: string | null;
  generated: { expression: string; kind: string } | null;
}

export interface Index {
  name: string;
  /** As `pg_get_indexdef` prints it. */
  definition: string;
  unique: boolean;
  valid: boolean;
}

export interface View {
  name: string;
  materialized: boolean;
  columns: string[];
  indexes: Index[];
}

/** What a permalink holds; the engine writes and reads its letters. */
export interface Shared {
  files: { path: string; text: string }[];
  /** Which of them is in sight. */
  shown: number;
  /** Null for the default. */
  postgres: number | null;
  config: string;
  /** The panel that is open. */
  view: string | null;
  /** The version that made the link. */
  tool: string;
}
