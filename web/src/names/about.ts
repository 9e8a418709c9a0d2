/** What a name in the text stands for, before the file in sight and after it. */
import type { Index, Lock, StatementEffects, TableColumn } from "../contract";
import type { Around } from "./around";
import {
  namesIn,
  parseName,
  relationsIn,
  withoutAlias,
  type Catalog,
  type Constraint,
  type Name,
  type Other,
  type Relation,
} from "./catalog";

/** Something as it is before the file and after it; null where it is not there. */
interface Both<Thing> {
  before: Thing | null;
  after: Thing | null;
}

export type Column = TableColumn | { name: string };

/** What a statement of the file does to a relation. */
export interface Touch {
  statement: StatementEffects;
  lock: Lock;
}

export type About =
  | ({ kind: "relation"; name: Name; touches: Touch[] } & Both<Relation>)
  | ({ kind: "column"; relation: Relation; uses: string[] } & Both<Column>)
  | ({ kind: "index"; relation: Relation } & Both<Index>)
  | ({ kind: "constraint"; relation: Relation } & Both<Constraint>)
  | ({ kind: "other" } & Both<Other>);

/** A piece of text in which names belong together, usually a statement. */
export interface Context {
  text: string;
  /** What the engine says of it; null while that is unknown. */
  statement: StatementEffects | null;
  /** All statements of the file. */
  statements: readonly StatementEffects[];
}

/** What stands at an offset of the text, and from where to where; null where nothing is known. */
export function aboutName(
  context: Context,
  at: number,
  around: Around,
): { about: About; from: number; to: number } | null {
  for (const { name, from, to, parts } of namesIn(context.text)) {
    if (at < from || to < at) continue;
    const turn = parts.findIndex((it) => at <= it.to);
    const about = find(name.slice(0, turn + 1), hintBefore(context.text.slice(0, from)), context, around);
    return about && { about, ...parts[turn]! };
  }
  return null;
}

/** The word that says what the next name is. */
function hintBefore(text: string): string {
  const [, word = ""] = /(\w+)(?:\s+concurrently)?(?:\s+if(?:\s+not)?\s+exists)?(?:\s+only)?\s*$/i.exec(text) ?? [];
  return word.toLowerCase();
}

function find(name: Name, hint: string, context: Context, around: Around): About | null {
  const near = nearby(context, around);
  const ways: Record<string, () => About | null> = {
    relation: () => relationOf(name, context, around),
    column: () => columnOf(name, near, context, around),
    index: () => indexOf(name, around),
    constraint: () => constraintOf(name, near, around),
    other: () => otherOf(name, around),
  };
  const order = ["relation", "column", "index", "constraint", "other"];
  const first = { column: "column", index: "index", constraint: "constraint", type: "other", domain: "other" }[hint];
  for (const way of first ? [first, ...order.filter((it) => it !== first)] : order) {
    const about = ways[way]!();
    if (about) return about;
  }
  return null;
}

/** The relations whose columns a statement may name. */
function nearby({ text, statement }: Context, { before, after }: Around): Relation[] {
  const written = relationsIn(text, before, after);
  const locked = (statement?.locks ?? []).flatMap(({ relation }) => {
    const found = before.relation(parseName(relation)) ?? after.relation(parseName(relation));
    return found && !written.some((it) => same(it, found)) ? [found] : [];
  });
  return [...written, ...locked];
}

const same = (a: Relation, b: Relation) => a.schema === b.schema && a.name === b.name;

/** The same thing in both catalogs, told by its whole name. */
const both = <Thing>({ before, after }: Around, look: (catalog: Catalog) => Thing | null): Both<Thing> => ({
  before: look(before),
  after: look(after),
});

const isKnown = <Thing>({ before, after }: Both<Thing>) => before !== null || after !== null;

function relationOf(name: Name, context: Context, around: Around): About | null {
  const whole = withoutAlias(name, context.text);
  const found = both(around, (it) => it.relation(whole));
  const known = found.before ?? found.after;
  const touches = context.statements.flatMap((statement) => {
    const lock = statement.locks.find(({ relation }) => names(parseName(relation), whole, known));
    return lock ? [{ statement, lock }] : [];
  });
  if (!known && touches.length === 0) return null;
  return { kind: "relation", name: known ? [known.schema, known.name] : whole, touches, ...found };
}

/** Whether the engine's name is the written one, or that of the relation that it stands for. */
function names(engines: Name, written: Name, known: Relation | null): boolean {
  const [own, schema = "public"] = engines.toReversed();
  if (known) return known.name === own && known.schema === schema;
  return written.at(-1) === own && (written.length === 1 || written[0] === schema);
}

function columnOf(name: Name, near: readonly Relation[], context: Context, around: Around): About | null {
  const own = name.at(-1)!;
  const of = name.length > 1 ? withoutAlias(name.slice(0, -1), context.text) : null;
  const relations = of ? [around.before.relation(of) ?? around.after.relation(of)] : near;
  for (const relation of relations) {
    if (!relation) continue;
    const in_ = (catalog: Catalog) => catalog.relation([relation.schema, relation.name]);
    const found = both(around, (it) => in_(it)?.columns.find((column) => column.name === own) ?? null);
    if (!isKnown(found)) continue;
    return { kind: "column", relation, uses: usesOf(own, in_(around.after) ?? relation), ...found };
  }
  return null;
}

/** The indexes and constraints that name a column, as their definitions have it. */
function usesOf(column: string, { indexes, table }: Relation): string[] {
  const names = (definition: string) => [...namesIn(definition)].some(({ name }) => name.at(-1) === column);
  // The definition of an index begins with its own name and that of its table.
  const inside = (definition: string) => definition.slice(definition.indexOf(" USING "));
  return [
    ...(table?.constraints ?? []).filter((it) => names(it.definition)).map((it) => it.definition),
    ...indexes.filter((it) => names(inside(it.definition))).map((it) => it.definition),
  ];
}

function indexOf(name: Name, around: Around): About | null {
  const relation = (around.before.index(name) ?? around.after.index(name))?.relation;
  if (!relation) return null;
  const found = both(around, (it) => it.index(name)?.index ?? null);
  return { kind: "index", relation, ...found };
}

function constraintOf(name: Name, near: readonly Relation[], around: Around): About | null {
  if (name.length > 1) return null;
  const relation = (around.before.constraint(name[0]!, near) ?? around.after.constraint(name[0]!, near))?.relation;
  if (!relation) return null;
  const found = both(
    around,
    (it) =>
      it.relation([relation.schema, relation.name])?.table?.constraints.find((one) => one.name === name[0]) ?? null,
  );
  return isKnown(found) ? { kind: "constraint", relation, ...found } : null;
}

function otherOf(name: Name, around: Around): About | null {
  const found = both(around, (it) => it.other(name));
  return isKnown(found) ? { kind: "other", ...found } : null;
}
