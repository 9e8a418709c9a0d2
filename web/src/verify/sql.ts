/** Reads SQL only as far as the probe needs: words outside of strings, quoted names and comments. */

interface Word {
  text: string;
  /** In upper case when it is a bare word. */
  upper: string;
  start: number;
  end: number;
  depth: number;
}

const token =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|[eE]?'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*|[().,;=]/gu;

/** Bare and quoted words and punctuation, each with the depth of its parentheses. */
export function words(sql: string): Word[] {
  const found: Word[] = [];
  let depth = 0;
  for (const match of sql.matchAll(token)) {
    const text = match[0];
    if (/^(--|\/\*|\$|[eE]?')/.test(text)) continue;
    if (text === ")") depth -= 1;
    found.push({ text, upper: text.toUpperCase(), start: match.index, end: match.index + text.length, depth });
    if (text === "(") depth += 1;
  }
  return found;
}

/** The statement without the word CONCURRENTLY, which no transaction allows. */
export function withoutConcurrently(sql: string): string {
  const word = words(sql).find((it) => it.upper === "CONCURRENTLY" && it.depth === 0);
  return word ? sql.slice(0, word.start) + sql.slice(word.end) : sql;
}

/** A `CREATE INDEX CONCURRENTLY` under another name, which asks `predicate` of each row that it indexes; null for other SQL. */
export function twinOfIndex(sql: string, name: string, predicate: string): string | null {
  const list = words(sql);
  const upper = list.map((it) => it.upper);
  if (upper[0] !== "CREATE" || !upper.slice(0, 4).includes("CONCURRENTLY")) return null;
  const on = list.find((it) => it.upper === "ON" && it.depth === 0);
  if (!on) return null;
  const where = list.find((it) => it.upper === "WHERE" && it.depth === 0);
  const rest = where
    ? `${sql.slice(on.start, where.end)} (${sql.slice(where.end)})\nAND`
    : `${sql.slice(on.start)}\nWHERE`;
  return `CREATE INDEX CONCURRENTLY ${name} ${rest} ${predicate}`;
}

/** A possibly qualified name that begins at a word, as written. */
function nameAt(list: Word[], at: number): string | null {
  const first = list[at];
  if (!first || !/^[\p{L}_"]/u.test(first.text)) return null;
  if (list[at + 1]?.text === "." && list[at + 2]) return `${first.text}.${list[at + 2]!.text}`;
  return first.text;
}

const skipped = new Set(["IF", "NOT", "EXISTS", "ONLY", "CONCURRENTLY", "TABLE"]);

/** The name that follows the words, such as `REFERENCES` or `PARTITION OF`; all of them when there are several. */
export function namesAfter(sql: string, ...phrase: string[]): string[] {
  const list = words(sql);
  return list.flatMap((_, at) => {
    if (!phrase.every((word, offset) => list[at + offset]?.upper === word)) return [];
    let next = at + phrase.length;
    while (skipped.has(list[next]?.upper ?? "")) next += 1;
    return nameAt(list, next) ?? [];
  });
}

/** The words between the parentheses that follow the name after the phrase. */
export function columnsAfter(sql: string, ...phrase: string[]): string[] {
  const list = words(sql);
  const at = list.findIndex((_, at) => phrase.every((word, offset) => list[at + offset]?.upper === word));
  if (at < 0) return [];
  const open = list.findIndex((it, index) => index >= at + phrase.length && it.text === "(");
  if (open < 0 || open > at + phrase.length + 3) return [];
  const close = list.findIndex((it, index) => index > open && it.text === ")" && it.depth === list[open]!.depth);
  return list.slice(open + 1, close).flatMap((it) => (it.text === "," ? [] : folded(it.text)));
}

/** A name as the catalog has it. */
export const folded = (name: string) =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
