/** What the schema's report holds, to be asked by name. */
import type { Index, Schema, SchemaReport, Table, TableColumn, View } from "../contract";

/** A name as it is kept: the parts of `public."Users".id`, folded as the server folds them. */
export type Name = readonly string[];

export interface Relation {
  schema: string;
  name: string;
  /** `table`, `view` and so on. */
  kind: string;
  /** Of a view only the names are known. */
  columns: readonly (TableColumn | { name: string })[];
  indexes: readonly Index[];
  table: Table | null;
}

export type Constraint = Table["constraints"][number];

/** Something that is no relation and no part of one. */
export interface Other {
  schema: string;
  name: string;
  kind: string;
  about: string;
}

const identifier = String.raw`"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*`;
const chain = new RegExp(String.raw`(?:${identifier})(?:\.(?:${identifier}))*`, "gu");
const part = new RegExp(identifier, "gu");

/** Unquoted letters are folded, quotes are taken away. */
const folded = (word: string) => (word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word.toLowerCase());

export interface Written {
  name: Name;
  from: number;
  to: number;
  /** For each part where it stands, relative to `from` of the text. */
  parts: readonly { from: number; to: number }[];
}

/** The names in a piece of SQL, in its order; keywords are among them. */
export function* namesIn(text: string): Generator<Written> {
  for (const { 0: whole, index } of text.matchAll(chain)) {
    const found = [...whole.matchAll(part)];
    yield {
      name: found.map(([it]) => folded(it)),
      from: index,
      to: index + whole.length,
      parts: found.map((it) => ({ from: index + it.index, to: index + it.index + it[0].length })),
    };
  }
}

export const parseName = (text: string): Name => [...text.matchAll(part)].map(([it]) => folded(it));

/** A name as SQL wants it. */
export const writtenName = (name: string) =>
  /^[\p{Ll}_][\p{Ll}\p{N}_$]*$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`;

/** The names of a catalog. Where none is written, the schema is `public` or the only one that has such a thing. */
export class Catalog {
  readonly relations: readonly Relation[];
  readonly others: readonly Other[];
  readonly schemas: readonly string[];
  readonly #byName = new Map<string, Relation[]>();

  constructor({ schemas }: Pick<SchemaReport, "schemas">) {
    this.schemas = schemas.map((it) => it.name);
    this.relations = schemas.flatMap((schema) => [
      ...schema.tables.map((it) => ofTable(schema, it)),
      ...schema.views.map((it) => ofView(schema, it)),
    ]);
    this.others = schemas.flatMap(othersOf);
    for (const it of this.relations) this.#byName.set(it.name, [...(this.#byName.get(it.name) ?? []), it]);
  }

  relation(name: Name): Relation | null {
    const own = name.at(-1);
    const [schema] = name.length > 1 ? name : [undefined];
    return own === undefined || name.length > 2 ? null : inSchema(this.#byName.get(own) ?? [], schema);
  }

  index(name: Name): { index: Index; relation: Relation } | null {
    const [schema, own] = name.length > 1 ? name : [undefined, name[0]];
    const found = this.relations.flatMap((relation) => {
      const index = relation.indexes.find((it) => it.name === own);
      return index ? [{ index, relation, schema: relation.schema }] : [];
    });
    return inSchema(found, schema);
  }

  /** A constraint of one of these relations, or of any other. */
  constraint(name: string, near: readonly Relation[]): { constraint: Constraint; relation: Relation } | null {
    for (const relation of [...near, ...this.relations]) {
      const constraint = relation.table?.constraints.find((it) => it.name === name);
      if (constraint) return { constraint, relation };
    }
    return null;
  }

  other(name: Name): Other | null {
    const [schema, own] = name.length > 1 ? name : [undefined, name[0]];
    return inSchema(
      this.others.filter((it) => it.name === own),
      schema,
    );
  }
}

function inSchema<Thing extends { schema: string }>(found: readonly Thing[], schema: string | undefined): Thing | null {
  if (schema !== undefined) return found.find((it) => it.schema === schema) ?? null;
  return found.find((it) => it.schema === "public") ?? (found.length === 1 ? found[0]! : null);
}

const ofTable = (schema: Schema, table: Table): Relation => ({
  schema: schema.name,
  name: table.name,
  kind: table.unlogged ? `unlogged ${table.kind}` : table.kind,
  columns: table.columns,
  indexes: table.indexes,
  table,
});

const ofView = (schema: Schema, { name, materialized, columns, indexes }: View): Relation => ({
  schema: schema.name,
  name,
  kind: materialized ? "materialized view" : "view",
  columns: columns.map((it) => ({ name: it })),
  indexes,
  table: null,
});

const othersOf = ({ name: schema, types, domains, functions, sequences }: Schema): Other[] => [
  ...types.map(({ name, kind, labels, attributes }) => ({
    schema,
    name,
    kind: kind === "other" ? "type" : `${kind} type`,
    about: [...labels.map((it) => `'${it}'`), ...attributes.map((it) => `${it.name} ${it.type}`)].join(", "),
  })),
  ...domains.map(({ name, type, nullable, default: value }) => ({
    schema,
    name,
    kind: "domain",
    about: [`over ${type}`, !nullable && "NOT NULL", value && `DEFAULT ${value}`].filter(Boolean).join(" "),
  })),
  ...functions.map(({ name, kind, arguments: taken, result }) => ({
    schema,
    name,
    kind,
    about: `(${taken})${result && ` → ${result}`}`,
  })),
  ...sequences.map(({ name, type, owned_by }) => ({
    schema,
    name,
    kind: "sequence",
    about: owned_by ? `${type}, of ${owned_by}` : type,
  })),
];

/** The relations that a statement names, without those of its aliases; each once. */
export function relationsIn(text: string, ...catalogs: readonly Catalog[]): Relation[] {
  const found = new Map<string, Relation>();
  for (const { name } of namesIn(text)) {
    for (const catalog of catalogs) {
      const relation = catalog.relation(name) ?? (name.length > 1 ? catalog.relation(name.slice(0, -1)) : null);
      if (!relation) continue;
      const key = `${relation.schema} ${relation.name}`;
      if (!found.has(key)) found.set(key, relation);
    }
  }
  return [...found.values()];
}

const aliased = new RegExp(
  String.raw`(?:\b(?:from|join|update|into|using)\s|,)\s*(?:only\s+)?((?:${identifier})(?:\.(?:${identifier}))*)\s+(?:as\s+)?(${identifier})`,
  "giu",
);

/** What an alias in a statement stands for; the name itself where it is none. */
export function withoutAlias(name: Name, text: string): Name {
  if (name.length !== 1) return name;
  for (const [, relation, alias] of text.matchAll(aliased)) if (folded(alias!) === name[0]) return parseName(relation!);
  return name;
}
