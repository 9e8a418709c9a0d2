/** What is known of a name, in a few lines: a relation with its columns, a column, an index, a constraint, a type. */
import type { ComponentChildren } from "preact";
import { wordsOf } from "../columns";
import type { Index } from "../contract";
import { shortName, waits } from "../locks/words";
import type { About, Column, Touch } from "../names/about";
import { writtenName, type Relation } from "../names/catalog";

/** Lines of one kind that a card has room for; the rest is counted. */
const most = 10;
const few = 4;

export function NameCard({ about }: { about: About }) {
  switch (about.kind) {
    case "relation":
      return <RelationCard about={about} />;
    case "column":
      return <ColumnCard about={about} />;
    case "index": {
      const { before, after, relation } = about;
      const { name, definition, valid } = (after ?? before)!;
      return (
        <Card name={name} kind={`index of ${titleOf(relation)}`} tags={[...tagsOf(about), !valid && "invalid"]}>
          <p class="definition">{definition}</p>
        </Card>
      );
    }
    case "constraint": {
      const { before, after, relation } = about;
      const { name, definition, validated } = (after ?? before)!;
      const proven = before && after && before.validated !== after.validated && "validated by this file";
      const tags = [...tagsOf(about), proven || (!validated && "not validated")];
      return (
        <Card name={name} kind={`constraint of ${titleOf(relation)}`} tags={tags}>
          <p class="definition">{definition}</p>
        </Card>
      );
    }
    case "other": {
      const { name, kind, about: what } = (about.before ?? about.after)!;
      const becomes = about.before && about.after && about.after.about !== what ? about.after.about : null;
      return (
        <Card name={name} kind={kind} tags={tagsOf(about)}>
          {what && <p class="definition">{what}</p>}
          {becomes && <p class="definition">after this file: {becomes}</p>}
        </Card>
      );
    }
  }
}

/** What the file makes of it, where it is there only on one side. */
function tagsOf({ before, after }: { before: unknown; after: unknown }): string[] {
  if (!before) return ["made by this file"];
  return after ? [] : ["not there after this file"];
}

const titleOf = ({ schema, name }: Pick<Relation, "schema" | "name">) =>
  shortName(`${writtenName(schema)}.${writtenName(name)}`);

function Card(props: { name: string; kind: string; tags: (string | false | null)[]; children?: ComponentChildren }) {
  return (
    <div class="name-card">
      <p class="head">
        <code>{props.name}</code> {props.kind && <span class="count">{props.kind}</span>}
        {props.tags.filter(Boolean).map((it) => (
          <span class="tag" key={it}>
            {it}
          </span>
        ))}
      </p>
      {props.children}
    </div>
  );
}

function RelationCard({ about: { before, after, name, touches } }: { about: About & { kind: "relation" } }) {
  const relation = before ?? after;
  const title = titleOf({ schema: name.length > 1 ? name[0]! : "public", name: name.at(-1)! });
  if (!relation) {
    return (
      <Card name={title} kind="" tags={[touches.some((it) => it.lock.new) && "made by this file"]}>
        <p class="note">No file here creates it, so what it holds is not known.</p>
        <Touches touches={touches} />
      </Card>
    );
  }
  const { table } = relation;
  const kind = [
    relation.kind,
    table?.partition_by && `by ${table.partition_by}`,
    table?.partition_of && `partition of ${table.partition_of} ${table.bound ?? ""}`,
  ];
  return (
    <Card name={title} kind={kind.filter(Boolean).join(" · ")} tags={tagsOf({ before, after })}>
      <Columns before={before} after={after} />
      <Changes before={before && definitionsOf(before)} after={after && definitionsOf(after)} />
      <Touches touches={touches} />
    </Card>
  );
}

type Named = Pick<Index, "name" | "definition">;

/** Its constraints, and the indexes that none of them made: of the others the constraint says all. */
function definitionsOf({ table, indexes }: Relation): Named[] {
  const constraints = table?.constraints ?? [];
  const others = indexes.filter((it) => !constraints.some((one) => one.name === it.name));
  const shown = constraints.filter((it) => it.type !== "not null");
  return [...shown, ...others];
}

/** Definitions before the file, with what it makes of them, then those that it adds. */
function Changes({ before, after }: { before: Named[] | null; after: Named[] | null }) {
  const [old, fresh] = [before ?? [], after ?? []];
  const change = ({ name, definition }: Named) => {
    const other = fresh.find((it) => it.name === name);
    if (!other) return "not there afterwards";
    return other.definition === definition ? null : `becomes ${other.definition}`;
  };
  const added = fresh.filter((it) => !old.some((other) => other.name === it.name));
  return (
    <Lines
      items={[
        ...old.map((it) => ({ text: it.definition, change: after && change(it) })),
        ...added.map((it) => ({ text: it.definition, change: before && "added" })),
      ]}
    />
  );
}

/** The columns before the file, with what it makes of them, then those that it adds. */
function Columns({ before, after }: { before: Relation | null; after: Relation | null }) {
  const [old, fresh] = [before?.columns ?? [], after?.columns ?? []];
  const added = before ? fresh.filter((it) => !old.some((other) => other.name === it.name)) : fresh;
  const rows = [
    ...old.map((it) => ({ column: it, change: after ? changeOf(it, fresh) : null })),
    ...added.map((it) => ({ column: it, change: before ? "added" : null })),
  ];
  // What changes is shown in any case.
  const shown = rows.filter((it, at) => at < most || it.change !== null);
  return (
    <>
      <table>
        <tbody>
          {shown.map(({ column, change }) => (
            <tr key={column.name}>
              <th scope="row">{column.name}</th>
              <td>
                {wordsOf(column)} {change && <span class="tag">{change}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < rows.length && <p class="note">and {rows.length - shown.length} more columns</p>}
    </>
  );
}

function changeOf(column: Column, after: readonly Column[]): string | null {
  const other = after.find((it) => it.name === column.name);
  if (!other) return "not there afterwards";
  return wordsOf(other) === wordsOf(column) ? null : `becomes ${wordsOf(other)}`;
}

function ColumnCard({ about }: { about: About & { kind: "column" } }) {
  const { before, after, relation, uses } = about;
  const column = (before ?? after)!;
  const becomes = before && after && wordsOf(before) !== wordsOf(after) ? wordsOf(after) : null;
  return (
    <Card name={column.name} kind={`column of ${titleOf(relation)}`} tags={tagsOf(about)}>
      {wordsOf(column) && <p class="definition">{wordsOf(column)}</p>}
      {becomes && <p class="definition">after this file: {becomes}</p>}
      <Lines items={uses.map((text) => ({ text, change: null }))} />
    </Card>
  );
}

function Lines({ items }: { items: readonly { text: string; change: string | null }[] }) {
  if (items.length === 0) return null;
  // What changes is shown in any case.
  const shown = items.filter((it, at) => at < few || it.change !== null);
  return (
    <ul>
      {shown.map(({ text, change }) => (
        <li key={text}>
          {text} {change && <span class="tag">{change}</span>}
        </li>
      ))}
      {shown.length < items.length && <li class="note">and {items.length - shown.length} more</li>}
    </ul>
  );
}

/** Which statements of the file lock it, and who waits: nobody for what is new. */
function Touches({ touches }: { touches: readonly Touch[] }) {
  const closing = touches.filter((it) => !it.lock.new);
  if (closing.length === 0) return null;
  return (
    <ul class="touches">
      {closing.slice(0, few).map(({ statement, lock }, index) => (
        <li key={index}>
          line {statement.start.line}: {lock.mode}, {waits[lock.blocks]}
        </li>
      ))}
      {closing.length > few && <li class="note">and {closing.length - few} more statements</li>}
    </ul>
  );
}
