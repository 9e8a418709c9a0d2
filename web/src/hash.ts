/**
 * The fragment of the address: `#new` is a clean page, `#example=ID` an example, `#rule=NAME` shows a rule, and a digit
 * with letters is a permalink. All but the rule describe the text only while it is unchanged, so an edit removes them.
 */
import { signal } from "@preact/signals";

export type Place =
  | { kind: "new" }
  | { kind: "example"; id: string }
  | { kind: "rule"; name: string }
  | { kind: "link"; letters: string }
  | { kind: "none" };

export const place = signal<Place>(read());

addEventListener("hashchange", () => (place.value = read()));

/** Removes the fragment without a step in the browser's history. */
export function clearHash() {
  if (!location.hash) return;
  history.replaceState(null, "", location.pathname + location.search);
  place.value = { kind: "none" };
}

/** Puts a permalink of what the page shows into its address. */
export function showLink(letters: string) {
  history.replaceState(null, "", `#${letters}`);
  place.value = { kind: "none" };
}

export const ruleHref = (name: string) => `#rule=${name}`;
export const exampleHref = (id: string) => `#example=${id}`;

function read(): Place {
  const fragment = location.hash.slice(1);
  if (/^\d/.test(fragment)) return { kind: "link", letters: fragment };
  const [key, value = ""] = fragment.split("=");
  if (key === "new") return { kind: "new" };
  if (key === "example") return { kind: "example", id: value };
  if (key === "rule") return { kind: "rule", name: value };
  return { kind: "none" };
}
