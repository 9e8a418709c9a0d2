/** Reads the Markdown that rule documents are written in: a small, fixed part of the language. */
import { Lines } from "../lines";

export type Inline =
  { kind: "text" | "code" | "strong" | "emphasis"; text: string } | { kind: "link"; text: string; href: string };

export type Block =
  | { kind: "heading"; level: number; content: Inline[] }
  | { kind: "paragraph"; content: Inline[] }
  | { kind: "list"; items: Inline[][] }
  | { kind: "table"; head: Inline[][]; rows: Inline[][][] }
  /** `info` is what follows the language, such as `bad` or `good pg=15+`. */
  | { kind: "code"; language: string; info: string; text: string };

export const withoutFrontMatter = (markdown: string) => markdown.replace(/^---\n[\s\S]*?\n---\n/, "");

/** The blocks of a document, without its front matter. */
export function parseMarkdown(markdown: string): Block[] {
  const lines = new Lines(withoutFrontMatter(markdown).split("\n"));
  const blocks: Block[] = [];
  for (let line = lines.next; line !== undefined; line = lines.next) {
    const heading = /^(#+) +(.*)$/.exec(line);
    const fence = /^(`{3,})(\S*) *(.*)$/.exec(line);
    if (line.trim() === "") {
      lines.pass();
    } else if (heading) {
      blocks.push({ kind: "heading", level: heading[1]!.length, content: parseInline(heading[2]!) });
      lines.pass();
    } else if (fence) {
      lines.pass();
      const text = lines.take((it) => it !== fence[1]).join("\n");
      lines.pass();
      blocks.push({ kind: "code", language: fence[2]!, info: fence[3]!, text });
    } else if (isItem(line)) {
      blocks.push({ kind: "list", items: parseItems(lines.take((it) => it.trim() !== "" && !startsBlock(it))) });
    } else if (isRow(line)) {
      const [head, , ...rows] = lines.take(isRow).map(parseRow);
      blocks.push({ kind: "table", head: head!, rows });
    } else {
      const text = lines.take((it) => it.trim() !== "" && !startsBlock(it) && !isItem(it) && !isRow(it)).join(" ");
      blocks.push({ kind: "paragraph", content: parseInline(text) });
    }
  }
  return blocks;
}

const isItem = (line: string) => /^[-*] /.test(line);
const isRow = (line: string) => line.startsWith("|");
const startsBlock = (line: string) => /^(#+ |```)/.test(line);

/** A line that does not begin an item continues the one above. */
function parseItems(lines: string[]): Inline[][] {
  const items: string[] = [];
  for (const line of lines) {
    if (isItem(line)) items.push(line.slice(2));
    else items.push(`${items.pop()} ${line.trim()}`);
  }
  return items.map(parseInline);
}

const parseRow = (line: string) =>
  line
    .replace(/^\||\|\s*$/g, "")
    .split("|")
    .map((cell) => parseInline(cell.trim()));

const inline =
  /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|\[((?:[^\]`]|`[^`]*`)+)\]\(([^)\s]+)\)|<(https?:[^>\s]+)>|(https?:\/\/[^\s)>,]+[^\s)>,.])/g;

function parseInline(text: string): Inline[] {
  const parts: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(inline)) {
    if (match.index > end) parts.push({ kind: "text", text: text.slice(end, match.index) });
    end = match.index + match[0].length;
    const [, code, strong, emphasis, linkText, href, angled, bare] = match;
    if (code !== undefined) parts.push({ kind: "code", text: code });
    else if (strong !== undefined) parts.push({ kind: "strong", text: strong });
    else if (emphasis !== undefined) parts.push({ kind: "emphasis", text: emphasis });
    else if (href !== undefined) parts.push({ kind: "link", text: linkText!.replaceAll("`", ""), href });
    else {
      const address = (angled ?? bare)!;
      parts.push({ kind: "link", text: address, href: address });
    }
  }
  if (end < text.length) parts.push({ kind: "text", text: text.slice(end) });
  return parts;
}
