/** The colours of SQL. What reads them from a text comes after the editor, which is of use without. */
import type { SQLDialect } from "@codemirror/lang-sql";
import { classHighlighter, highlightCode } from "@lezer/highlight";
import { signal } from "@preact/signals";

/** Null until it is there. */
export const dialect = signal<SQLDialect | null>(null);

let fetching: Promise<void> | undefined;

export function fetchColours() {
  fetching ??= import("./dialect").then(
    (it) => void (dialect.value = it.postgresql),
    // The text stays readable; whatever is shown next tries again.
    () => (fetching = undefined),
  );
}

/** Hands over a text piece by piece, each with the classes of its colour. */
export function colour(sql: string, put: (text: string, classes: string) => void, newLine: () => void) {
  if (dialect.value) {
    highlightCode(sql, dialect.value.language.parser.parse(sql), classHighlighter, put, newLine);
    return;
  }
  fetchColours();
  sql.split("\n").forEach((line, index) => {
    if (index > 0) newLine();
    if (line) put(line, "");
  });
}
