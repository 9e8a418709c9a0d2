/** The examples of a rule's document as the files that the page would hold, so that they can be judged and tried. */
import { defaultPostgres, versions, type Postgres, type Shared } from "../contract";
import type { Block } from "../rules/markdown";
import type { RuleInfo } from "../rules/info";

/** What a marker claims of the statement above it, and on which servers. */
export interface Marker {
  /** Where it stood, in the text without markers. */
  offset: number;
  kind: string;
  value: string;
  versions: readonly Postgres[];
}

export interface Example {
  kind: "bad" | "good" | "fixed";
  heading: string;
  /** The text without its markers, which are for the tests. */
  sql: string;
  markers: Marker[];
  versions: readonly Postgres[];
  /** The page with the schema, the migrations before, and this one. */
  shared: Shared;
}

/** A block as an older migration of those below it. */
interface Older {
  sql: string;
  /** The servers that ran it: of what a server refuses nothing remains. */
  versions: readonly Postgres[];
}

/** The examples by their block. A heading starts from the setup blocks above it; its blocks are successive migrations. */
export function examplesOf(blocks: readonly Block[], rule: RuleInfo): Map<Block, Example> {
  const found = new Map<Block, Example>();
  let heading = "";
  const setup: Older[] = [];
  let earlier: Older[] = [];
  for (const block of blocks) {
    if (block.kind === "heading") {
      heading = block.content.map((it) => it.text).join("");
      earlier = [];
    }
    if (block.kind !== "code" || block.language !== "sql") continue;
    const [kind = "", ...attributes] = block.info.split(/\s+/);
    const versions = versionsOf(attributes);
    const { sql, markers } = withoutMarkers(block.text);
    if (kind === "setup") setup.push({ sql, versions });
    if (kind !== "bad" && kind !== "good" && kind !== "fixed") continue;
    // A file of a migration tool is known by its folder and its name, which an example does not have.
    if (attributes.some((it) => it.startsWith("file="))) continue;
    // A fixed block stands in place of the bad one above it.
    if (kind === "fixed") earlier = earlier.slice(0, -1);
    const postgres = versions.includes(defaultPostgres) ? defaultPostgres : versions.at(-1)!;
    const files = filesOf(sql, onServer(setup, postgres), onServer(earlier, postgres));
    const config = configOf(attributes, rule);
    const shared = { files, shown: files.length - 1, postgres, config, view: null, tool: "" };
    found.set(block, { kind, heading, sql, markers, versions, shared });
    const refused = markers.filter((it) => it.kind === "error").flatMap((it) => it.versions);
    earlier.push({ sql, versions: versions.filter((it) => !refused.includes(it)) });
  }
  return found;
}

const onServer = (list: readonly Older[], server: Postgres) =>
  list.filter((it) => it.versions.includes(server)).map((it) => it.sql);

/** The setup as the schema, then a file for each migration. */
function filesOf(sql: string, setup: string[], earlier: string[]): Shared["files"] {
  const schema = setup.length > 0 ? setup.join("\n\n") : "-- An empty database.";
  const name = (number: number) => `${String(number).padStart(4, "0")}.sql`;
  const migrations = [...earlier, sql].map((text, index) => ({ path: name(index + 1), text: `${text}\n` }));
  return [{ path: "schema.sql", text: `${schema}\n` }, ...migrations];
}

/** How the block is sent; and its rule is on, also where it is off by default. */
function configOf(attributes: string[], { name, severity }: RuleInfo): string {
  const sent = attributes.find((it) => it.startsWith("tx="));
  const runner = { "tx=none": "", "tx=query": "[runner]\nsingle_query = true\n" }[sent ?? ""];
  const level = severity === "info" ? `[rules]\n${name} = "info"\n` : "";
  return [level, runner ?? '[runner]\ntransaction = "file"\n'].filter(Boolean).join("\n");
}

/** `pg=15`, `pg=15+`, `pg=13-17`. */
function versionsOf(attributes: string[]): readonly Postgres[] {
  const range = attributes.find((it) => it.startsWith("pg="))?.slice("pg=".length);
  return range === undefined ? versions : within(range);
}

function within(range: string): readonly Postgres[] {
  const [, from, open, to] = /^(\d+)(?:(\+)|-(\d+))?$/.exec(range) ?? [];
  const last = open ? Infinity : Number(to ?? from);
  return versions.filter((it) => Number(from) <= it && it <= last);
}

/** The text of an example for people, and what its markers claim. */
export function withoutMarkers(text: string): { sql: string; markers: Marker[] } {
  const lines: string[] = [];
  const markers: Marker[] = [];
  for (const line of text.split("\n")) {
    const [, kind, value, range] = /^--\^ (\w+): (.*?)(?: \[([^\]]+)\])?$/.exec(line) ?? [];
    if (kind === undefined || value === undefined) lines.push(line);
    else markers.push({ offset: lines.join("\n").length, kind, value, versions: range ? within(range) : versions });
  }
  return { sql: lines.join("\n").trim(), markers };
}
