/** Columns in SQL's words. */
import type { TableColumn } from "./contract";

/** What follows the type. */
export function moreOf({ nullable, default: value, identity, generated }: TableColumn): string {
  const words = [
    !nullable && "NOT NULL",
    value && `DEFAULT ${value}`,
    identity && `GENERATED ${identity} AS IDENTITY`,
    generated && `GENERATED ALWAYS AS (${generated.expression}) ${generated.kind}`,
  ];
  return words.filter(Boolean).join(" ");
}

/** All but the name; nothing of a view's column, of which only that is known. */
export const wordsOf = (it: TableColumn | { name: string }) =>
  "type" in it ? [it.type, moreOf(it)].filter(Boolean).join(" ") : "";
