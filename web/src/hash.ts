/**
 * The fragment of the address: `#new` is a clean page, `#example=ID` an example, `#rule=NAME` shows a rule.
 * The first two describe the text only while it is unchanged, so an edit removes them.
 */
import { signal } from "@preact/signals";

export type Place =
  { kind: "new" } | { kind: "example"; id: string } | { kind: "rule"; name: string } | { kind: "none" };

export const place = signal<Place>(read());

addEventListener("hashchange", () => (place.value = read()));

/** Removes the fragment without a step in the browser's history. */
export function clearHash() {
  if (!location.hash) return;
  history.replaceState(null, "", location.pathname + location.search);
  place.value = { kind: "none" };
}

export const ruleHref = (name: string) => `#rule=${name}`;
export const exampleHref = (id: string) => `#example=${id}`;

function read(): Place {
  const [key, value = ""] = location.hash.slice(1).split("=");
  if (key === "new") return { kind: "new" };
  if (key === "example") return { kind: "example", id: value };
  if (key === "rule") return { kind: "rule", name: value };
  return { kind: "none" };
}
