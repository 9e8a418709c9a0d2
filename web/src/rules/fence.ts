/** The fences of a rule's examples: what their first line says, and the markers that are for the tests. */
import { versions, type Postgres } from "../contract";
import type { Block } from "./markdown";

type Code = Extract<Block, { kind: "code" }>;

/** What follows the language of a fence: `bad pg=15+ file=goose tx=none`. */
export interface Fence {
  /** `setup`, `bad`, `good`, `fixed`; empty for what is no example. */
  kind: string;
  versions: readonly Postgres[];
  /** The tool or the file that it is; empty for SQL that any tool may send. */
  file: string;
  /** What a file of a tool is called, where that matters; else empty. */
  name: string;
  /** How it is sent, where that is not one transaction: `none`, `query`. */
  sent: string;
}

export function readFence(info: string): Fence {
  const [kind = "", ...attributes] = info.split(/\s+/);
  const value = (key: string) => attributes.find((it) => it.startsWith(`${key}=`))?.slice(key.length + 1) ?? "";
  const range = value("pg");
  const said = { file: value("file"), name: value("name"), sent: value("tx") };
  return { kind, versions: range ? within(range) : versions, ...said };
}

const toolNames: Record<string, string> = { python: "Alembic" };

/** The tool or the file of an example, for people. */
export const fileInWords = (file: string) => toolNames[file] ?? file;

/** What a marker claims of the statement above it, and on which servers. */
export interface Marker {
  /** Where it stood, in the text without markers. */
  offset: number;
  kind: string;
  value: string;
  versions: readonly Postgres[];
}

/** `15`, `15+`, `13-17`. */
function within(range: string): readonly Postgres[] {
  const [, from, open, to] = /^(\d+)(?:(\+)|-(\d+))?$/.exec(range) ?? [];
  const last = open ? Infinity : Number(to ?? from);
  return versions.filter((it) => Number(from) <= it && it <= last);
}

/** The text of an example for people, and what its markers claim. In other languages than SQL a comment begins with `#`. */
export function withoutMarkers({ language, text }: Pick<Code, "language" | "text">): {
  text: string;
  markers: Marker[];
} {
  const marker = language === "sql" ? /^--\^ (\w+): (.*?)(?: \[([^\]]+)\])?$/ : /^#\^ (\w+): (.*?)(?: \[([^\]]+)\])?$/;
  const lines: string[] = [];
  const markers: Marker[] = [];
  for (const line of text.split("\n")) {
    const [, kind, value, range] = marker.exec(line) ?? [];
    if (kind === undefined || value === undefined) lines.push(line);
    else markers.push({ offset: lines.join("\n").length, kind, value, versions: range ? within(range) : versions });
  }
  return { text: lines.join("\n").trim(), markers };
}
