/** The fixes as Markdown, for a pull request. */
import type { Fixable } from "../../fixes";

export function markdownOf(path: string, before: string, after: string, fixes: readonly Fixable[]): string {
  const list = fixes.map((it) => `- ${it.fix.title} (\`${it.rule}\`, line ${it.start.line})`);
  return [`### \`${path}\``, "", ...list, "", "```diff", ...difference(before, after), "```", ""].join("\n");
}

/** The lines from the first that differs to the last, with two around them: fixes lie close together. */
function difference(before: string, after: string): string[] {
  const [old, fresh] = [before.trimEnd().split("\n"), after.trimEnd().split("\n")];
  let start = 0;
  while (start < old.length && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, fresh.length) - start && old.at(-1 - end) === fresh.at(-1 - end)) end += 1;
  const mark = (sign: string, lines: string[]) => lines.map((it) => `${sign}${it}`);
  return [
    ...mark(" ", old.slice(Math.max(0, start - 2), start)),
    ...mark("-", old.slice(start, old.length - end)),
    ...mark("+", fresh.slice(start, fresh.length - end)),
    ...mark(" ", old.slice(old.length - end, old.length - end + 2)),
  ];
}
