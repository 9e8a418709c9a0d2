/** Reads the Markdown of the comment on a change, as a forge does: the part of the language that the engine writes. */
import { Lines } from "../lines";

export type Inline =
  | { kind: "text" | "code" | "strong"; text: string }
  | { kind: "link"; content: Inline[]; href: string }
  | { kind: "break" };

export type Block =
  | { kind: "heading"; level: number; content: Inline[] }
  | { kind: "paragraph" | "small"; content: Inline[] }
  | { kind: "item"; content: Inline[]; blocks: Block[] }
  | { kind: "details"; summary: Inline[]; blocks: Block[] }
  | { kind: "quote"; blocks: Block[] }
  | { kind: "code"; language: string; text: string }
  | { kind: "table"; head: Inline[][]; rows: Inline[][][] };

const details = /^<details><summary>(.*)<\/summary>$/;
const fence = /^(`{3,})(\S*)$/;
const startsBlock = (line: string) => line === "" || /^(#+ |- |>|\||```|<\/?details>|<sub>)/.test(line);

export const parsePreview = (markdown: string): Block[] => parse(markdown.replace(/<!--.*?-->/g, "").split("\n"));

function parse(text: readonly string[]): Block[] {
  const lines = new Lines(text);
  const blocks: Block[] = [];
  for (let line = lines.next; line !== undefined; line = lines.next) {
    const [, marks, title] = /^(#+) +(.*)$/.exec(line) ?? [];
    const [, summary] = details.exec(line) ?? [];
    const [, ticks, language] = fence.exec(line) ?? [];
    const [, small] = /^<sub>(.*)<\/sub>$/.exec(line) ?? [];
    if (line === "" || line === "</details>") {
      lines.pass();
    } else if (marks !== undefined) {
      blocks.push({ kind: "heading", level: marks.length, content: parseInline(title!) });
      lines.pass();
    } else if (small !== undefined) {
      blocks.push({ kind: "small", content: parseInline(small) });
      lines.pass();
    } else if (summary !== undefined) {
      lines.pass();
      blocks.push({
        kind: "details",
        summary: parseInline(summary),
        blocks: parse(lines.take((it) => it !== "</details>")),
      });
    } else if (ticks !== undefined) {
      lines.pass();
      blocks.push({ kind: "code", language: language!, text: lines.take((it) => it !== ticks).join("\n") });
      lines.pass();
    } else if (line.startsWith("- ")) {
      lines.pass();
      const inside = lines.take((it) => it === "" || it.startsWith("  ")).map((it) => it.slice(2));
      blocks.push({ kind: "item", content: parseInline(line.slice(2)), blocks: parse(inside) });
    } else if (line.startsWith(">")) {
      const inside = lines.take((it) => it.startsWith(">")).map((it) => it.replace(/^> ?/, ""));
      blocks.push({ kind: "quote", blocks: parse(inside) });
    } else if (line.startsWith("|")) {
      const [head = [], , ...rows] = lines.take((it) => it.startsWith("|")).map(cellsOf);
      blocks.push({ kind: "table", head, rows });
    } else {
      lines.pass();
      blocks.push({
        kind: "paragraph",
        content: parseInline([line, ...lines.take((it) => !startsBlock(it))].join(" ")),
      });
    }
  }
  return blocks;
}

/** A pipe behind a backslash is part of its cell, in a code span too. */
const cellsOf = (row: string): Inline[][] =>
  row
    .replace(/^\| ?| ?\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => parseInline(cell.trim().replaceAll("\\|", "|")));

const inline =
  /\\([\p{P}\p{S}])|(`+)(.+?)(?<!`)\2(?!`)|\*\*(.+?)\*\*|\[((?:[^\]`\\]|`[^`]*`|\\.)+)\]\(([^)\s]+)\)|<code>(.*?)<\/code>|(<br>)/gu;

function parseInline(text: string): Inline[] {
  const parts: Inline[] = [];
  let end = 0;
  const plain = (text: string) => text && parts.push({ kind: "text", text });
  for (const match of text.matchAll(inline)) {
    plain(text.slice(end, match.index));
    end = match.index + match[0].length;
    const [, escaped, , code, strong, words, href, html, brk] = match;
    if (escaped !== undefined) plain(escaped);
    else if (code !== undefined) parts.push({ kind: "code", text: unpadded(code) });
    else if (strong !== undefined) parts.push({ kind: "strong", text: strong });
    else if (href !== undefined) parts.push({ kind: "link", content: parseInline(words!), href });
    else if (html !== undefined) parts.push({ kind: "code", text: fromHtml(html) });
    else if (brk !== undefined) parts.push({ kind: "break" });
  }
  plain(text.slice(end));
  return parts;
}

/** A code span that begins or ends with a backtick has a blank between. */
const unpadded = (code: string) => (/^ .* $/.test(code) && code.trim() !== "" ? code.slice(1, -1) : code);

const fromHtml = (text: string) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
