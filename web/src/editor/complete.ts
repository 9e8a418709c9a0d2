/** Names of the catalog and keywords while one types. Fetched with the first letter that is typed. */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import { effect } from "@preact/signals";
import { wordsOf } from "../columns";
import { around, knownAround } from "../names/around";
import { parseName, relationsIn, withoutAlias, writtenName, type Catalog, type Relation } from "../names/catalog";
import { result } from "../state";
import { keywords, typeNames } from "./dialect";

/** A pause after which the catalog is asked for anew, in milliseconds. */
const rest = 500;
/** So much of a statement is looked at for the tables that it names, on each side of the caret. */
const near = 5_000;
/** Letters after which names are offered unasked. */
const letters = 2;

/** Completion that never takes a key from who goes on typing: Enter makes a line unless an arrow has chosen. */
export function completion() {
  let soon = 0;
  effect(() => {
    void result.value;
    clearTimeout(soon);
    soon = setTimeout(() => void around(), rest);
  });
  return autocompletion({ override: [namesAt], selectOnOpen: false, icons: false, maxRenderedOptions: 50 });
}

async function namesAt(context: CompletionContext): Promise<CompletionResult | null> {
  const { state, pos, explicit } = context;
  if (/Comment|String/.test(syntaxTree(state).resolveInner(pos, -1).name)) return null;
  const dotted = context.matchBefore(/(?:[\p{L}_][\p{L}\p{N}_$]*|"[^"]+")\.[\p{L}\p{N}_$]*$/u);
  const word = context.matchBefore(/[\p{L}_][\p{L}\p{N}_$]*$/u);
  if (!explicit && !dotted && (word?.text.length ?? 0) < letters) return null;
  const known = knownAround() ?? (await around());
  if (context.aborted) return null;
  const catalogs = known ? [known.after, known.before] : [];
  const statement = statementAround(state, pos);
  const validFor = /^[\p{L}\p{N}_$]*$/u;
  if (dotted) {
    const parent = dotted.text.slice(0, dotted.text.lastIndexOf("."));
    return { from: dotted.from + parent.length + 1, options: membersOf(parent, statement, catalogs), validFor };
  }
  const begun = word?.text ?? "";
  return {
    from: pos - begun.length,
    options: [...namesFor(statement, catalogs), ...wordsFor(begun)],
    // Before the names are known the next letter asks again.
    validFor: (text) => known !== null && validFor.test(text) && text.startsWith(begun),
  };
}

/** The text between the semicolons around the caret. */
function statementAround({ doc }: EditorState, pos: number): string {
  const before = doc.sliceString(Math.max(0, pos - near), pos);
  const after = doc.sliceString(pos, pos + near);
  return before.slice(before.lastIndexOf(";") + 1) + after.split(";", 1)[0];
}

/** The columns of a table or of what an alias stands for, or the relations of a schema. */
function membersOf(parent: string, statement: string, catalogs: readonly Catalog[]): Completion[] {
  const name = withoutAlias(parseName(parent), statement);
  const relations = catalogs.flatMap((it) => it.relation(name) ?? []);
  const inSchema = catalogs.flatMap((it) => it.relations).filter((it) => it.schema === name[0]);
  return unique([...relations.flatMap(columnsOf), ...inSchema.map((it) => option(it.name, it.kind, 0))]);
}

/** All that may be named: first the columns of tables that the statement names already. */
function namesFor(statement: string, catalogs: readonly Catalog[]): Completion[] {
  const relations = catalogs.flatMap((it) => it.relations);
  const named = relationsIn(statement, ...catalogs);
  return unique([
    ...named.flatMap(columnsOf),
    ...relations.map((it) => option(titleOf(it), it.kind, 1)),
    ...(/\bindex\b/i.test(statement) ? relations.flatMap(indexesOf) : []),
    ...(/\bconstraint\b/i.test(statement) ? named.flatMap(constraintsOf) : []),
    ...catalogs.flatMap((it) => it.others).map((it) => option(it.name, it.kind, 0)),
  ]);
}

const titleOf = ({ schema, name }: Relation) =>
  schema === "public" ? name : `${writtenName(schema)}.${writtenName(name)}`;

const columnsOf = (relation: Relation) =>
  relation.columns.map((it) => option(it.name, wordsOf(it) || `of ${relation.name}`, 2));
const indexesOf = ({ name, indexes }: Relation) => indexes.map((it) => option(it.name, `index of ${name}`, 1));
const constraintsOf = ({ table }: Relation) => (table?.constraints ?? []).map((it) => option(it.name, it.type, 1));

const option = (name: string, detail: string, boost: number): Completion => ({
  label: name,
  detail,
  boost,
  apply: name.includes(".") ? name : writtenName(name),
});

function unique(options: Completion[]): Completion[] {
  const seen = new Set<string>();
  return options.filter(({ label }) => !seen.has(label) && seen.add(label));
}

/** Keywords that begin so, in the case in which the reader has begun. */
function wordsFor(begun: string): Completion[] {
  if (begun === "") return [];
  const upper = begun === begun.toUpperCase();
  const list = (words: readonly string[], detail: string) =>
    words
      .filter((it) => it.startsWith(begun.toLowerCase()))
      .map((it) => ({ label: upper ? it.toUpperCase() : it, detail, boost: -1 }));
  return [...list(keywords, "keyword"), ...list(typeNames, "type")];
}

export { startCompletion } from "@codemirror/autocomplete";
