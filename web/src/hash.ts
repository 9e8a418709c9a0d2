/**
 * The fragment of the address: `#new` is a clean page, `#example=ID` an example, `#rule=NAME` shows a rule, and a digit
 * with letters is a permalink. All but the rule describe the text only while it is unchanged, so an edit removes them.
 * Behind an example or a permalink, `&rule=NAME` says which findings to look at.
 */
import { batch, signal } from "@preact/signals";

export type Place =
  | { kind: "new" }
  | { kind: "example"; id: string }
  | { kind: "rule"; name: string }
  | { kind: "link"; letters: string }
  | { kind: "none" };

export const place = signal<Place>(read());
/** The rule whose findings the address wants to show; null for all. Anew each time that someone follows a link. */
export const wanted = signal({ rule: readRule() });

addEventListener("hashchange", () =>
  batch(() => {
    place.value = read();
    wanted.value = { rule: readRule() };
  }),
);

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

/** What follows the letters of a link, so that it shows the findings of one rule. */
export const withRule = (name: string) => (name ? `&rule=${name}` : "");

function read(): Place {
  const [fragment = ""] = location.hash.slice(1).split("&");
  if (/^\d/.test(fragment)) return { kind: "link", letters: fragment };
  const [key, value = ""] = fragment.split("=");
  if (key === "new") return { kind: "new" };
  if (key === "example") return { kind: "example", id: value };
  if (key === "rule") return { kind: "rule", name: value };
  return { kind: "none" };
}

function readRule(): string | null {
  const [, ...more] = location.hash.slice(1).split("&");
  return more.find((it) => it.startsWith("rule="))?.slice("rule=".length) ?? null;
}
