/** What there is after the file in sight, as the engine's catalog has it: tables to read, SQL to take along. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { moreOf } from "../columns";
import type { Analysis, Index, Schema, Table } from "../contract";
import { result, schemaAfter } from "../state";
import { CopyButton } from "./Sql";

/** With more tables only their names are shown at first. */
const few = 6;

export function SchemaPanel() {
  const known = useSignal<Pick<Analysis, "schema" | "ddl"> | null>(null);
  useEffect(() => {
    let stale = false;
    void schemaAfter().then((it) => {
      if (it && !stale) known.value = it;
    });
    return () => {
      stale = true;
    };
  }, [result.value]);
  if (!known.value) return <p class="starting">Reading…</p>;
  const { schema, ddl } = known.value;
  const count = schema.schemas.reduce((sum, it) => sum + it.tables.length + it.views.length, 0);
  if (schema.schemas.every(isEmpty)) {
    return (
      <div class="clean">
        <h2>Nothing is known to exist</h2>
        <p>
          Here stand the tables that the files create, as they are after the one in sight. What PostgreSQL refuses
          creates nothing.
        </p>
      </div>
    );
  }
  return (
    <div class="schema">
      <div class="actions">
        <CopyButton text={ddl.sql} label="Copy as SQL" />
      </div>
      {schema.schemas.map((it) => (
        <SchemaView key={it.name} schema={it} open={count <= few} />
      ))}
    </div>
  );
}

const isEmpty = ({ tables, views, types, domains, functions, sequences }: Schema) =>
  [tables, views, types, domains, functions, sequences].every((it) => it.length === 0);

function SchemaView({ schema, open }: { schema: Schema; open: boolean }) {
  if (isEmpty(schema)) return null;
  const { name, tables, views, types, domains, functions, sequences } = schema;
  return (
    <section aria-label={name}>
      {name !== "public" && <h2>{name}</h2>}
      {tables.map((it) => (
        <TableView key={it.name} table={it} open={open} />
      ))}
      {views.map(({ name, materialized, columns, indexes }) => (
        <Relation key={name} name={name} about={materialized ? "materialized view" : "view"} open={open}>
          {columns.length > 0 && <p>{columns.join(", ")}</p>}
          <Indexes indexes={indexes} />
        </Relation>
      ))}
      <List
        title="Types"
        items={[
          ...types.map(({ name, kind, labels, attributes }): [string, string] => [
            name,
            `${kind} (${[...labels.map((it) => `'${it}'`), ...attributes.map((it) => `${it.name} ${it.type}`)].join(", ")})`,
          ]),
          ...domains.map(({ name, type, nullable, default: value }): [string, string] => [
            name,
            `domain over ${type}${nullable ? "" : " NOT NULL"}${value ? ` DEFAULT ${value}` : ""}`,
          ]),
        ]}
      />
      <List
        title="Functions"
        items={functions.map((it): [string, string] => [`${it.name}(${it.arguments})`, `${it.kind} → ${it.result}`])}
      />
      <List
        title="Sequences"
        items={sequences.map((it): [string, string] => [
          it.name,
          it.owned_by ? `${it.type}, of ${it.owned_by}` : it.type,
        ])}
      />
    </section>
  );
}

function Relation(props: { name: string; about: string; open: boolean; children: ComponentChildren }) {
  return (
    <details class="relation" open={props.open}>
      <summary>
        <code>{props.name}</code> <span class="count">{props.about}</span>
      </summary>
      {props.children}
    </details>
  );
}

function TableView({ table, open }: { table: Table; open: boolean }) {
  const { name, kind, unlogged, partition_by, partition_of, bound, inherits, columns, constraints, indexes } = table;
  const about = [
    unlogged ? `unlogged ${kind}` : kind,
    partition_by && `by ${partition_by}`,
    partition_of && `partition of ${partition_of} ${bound ?? ""}`,
    inherits.length > 0 && `inherits ${inherits.join(", ")}`,
  ];
  return (
    <Relation name={name} about={about.filter(Boolean).join(" · ")} open={open}>
      <table>
        <thead class="hidden">
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Type</th>
            <th scope="col">More</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((it) => (
            <tr key={it.name}>
              <th scope="row">{it.name}</th>
              <td>{it.type}</td>
              <td>{moreOf(it)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul>
        {constraints.map((it) => (
          <li key={it.name}>
            <code>{it.name}</code> {it.definition}
            {!it.validated && <span class="tag">not validated</span>}
            {it.inherited && <span class="tag">inherited</span>}
          </li>
        ))}
      </ul>
      <Indexes indexes={indexes} />
    </Relation>
  );
}

function Indexes({ indexes }: { indexes: Index[] }) {
  return (
    <ul>
      {indexes.map(({ name, definition, valid }) => (
        <li key={name}>
          {definition}
          {!valid && <span class="tag">invalid</span>}
        </li>
      ))}
    </ul>
  );
}

function List({ title, items }: { title: string; items: [string, string][] }) {
  if (items.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {items.map(([name, about]) => (
          <li key={name}>
            <code>{name}</code> {about}
          </li>
        ))}
      </ul>
    </>
  );
}
