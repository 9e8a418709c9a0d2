/**
 * Reads and writes single keys of a TOML text without touching the rest of it. The pickers of the page do no more than
 * this: the engine alone decides what the text means.
 */

/** Keys before the first table have the table `""`. */
interface Place {
  table: string;
  key: string;
}

interface Found {
  /** The line of the table's header; -1 for the keys before the first one. */
  header: number | null;
  /** The line of the key. */
  line: number | null;
  value: string | null;
}

const headerOf = (line: string) => /^\s*\[\s*([^[\]]+?)\s*\]\s*(#.*)?$/.exec(line)?.[1];
const keyOf = (line: string) => /^\s*([\w-]+)\s*=\s*(.*?)\s*(#.*)?$/.exec(line);

function find(lines: string[], { table, key }: Place): Found {
  let current = "";
  const found: Found = { header: table === "" ? -1 : null, line: null, value: null };
  lines.forEach((line, index) => {
    const header = /^\s*\[/.test(line) ? (headerOf(line) ?? null) : undefined;
    if (header !== undefined) current = header ?? "?";
    if (header === table) found.header = index;
    const match = keyOf(line);
    if (current === table && match?.[1] === key) {
      found.line = index;
      found.value = match[2]!.replace(/^(["'])(.*)\1$/, "$2");
    }
  });
  return found;
}

/** The value of a key as text, without its quotes; null when it is not set. */
export const getKey = (text: string, place: Place) => find(text.split("\n"), place).value;

/** Sets a key to a value as TOML spells it, or removes it. */
export function setKey(text: string, place: Place, value: string | null): string {
  const lines = text === "" ? [] : text.split("\n");
  const { header, line } = find(lines, place);
  const entry = `${place.key} = ${value}`;
  if (line !== null) lines.splice(line, 1, ...(value === null ? [] : [entry]));
  else if (value === null) return text;
  else if (header !== null) lines.splice(header + 1, 0, entry);
  else lines.push(...(lines.length > 0 && lines.at(-1) !== "" ? [""] : []), `[${place.table}]`, entry);
  return withoutEmptyTable(lines, place.table).join("\n").replace(/^\n+/, "");
}

/** Drops the header of a table that has lost its last key. */
function withoutEmptyTable(lines: string[], table: string): string[] {
  const header = lines.findIndex((it) => table !== "" && headerOf(it) === table);
  if (header < 0) return lines;
  const rest = lines.slice(header + 1);
  const next = rest.findIndex((it) => /^\s*\[/.test(it));
  const body = next < 0 ? rest : rest.slice(0, next);
  if (body.some((it) => it.trim() !== "")) return lines;
  return [...lines.slice(0, header), ...(next < 0 ? [] : rest.slice(next))];
}
