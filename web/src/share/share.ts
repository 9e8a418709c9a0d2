/** The link that is shared. */
import { signal } from "@preact/signals";
import { showLink } from "../hash";
import { linkToThis, longLink } from "./link";

export type Made = { kind: "closed" } | { kind: "link"; letters: string } | { kind: "failed"; reason: string };

export const made = signal<Made>({ kind: "closed" });

/** Puts the link into the address too, so that the browser's own ways of sharing work. */
export async function share() {
  try {
    const letters = await linkToThis();
    if (letters.length <= longLink) showLink(letters);
    made.value = { kind: "link", letters };
  } catch (error) {
    made.value = { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}
