/** The catalogs around the file in sight: what there is before it, and after it. */
import { result, schemaAround, type Result } from "../state";
import { Catalog } from "./catalog";

export interface Around {
  before: Catalog;
  after: Catalog;
}

let known: { of: Result; around: Around } | null = null;
let asked: { of: Result; answer: Promise<Around | null> } | null = null;

/** What was known last, which may be of an earlier text. */
export const knownAround = (): Around | null => known?.around ?? null;

/** Asks once for each answer of the engine; null when the text changes meanwhile, or is too long to be looked at again. */
export function around(): Promise<Around | null> {
  const of = result.peek();
  if (!of) return Promise.resolve(null);
  if (known?.of === of) return Promise.resolve(known.around);
  if (asked?.of !== of) asked = { of, answer: ask(of) };
  return asked.answer;
}

async function ask(of: Result): Promise<Around | null> {
  const found = await schemaAround();
  if (!found) {
    // Another time there may be an answer.
    if (asked?.of === of) asked = null;
    return null;
  }
  const around = { before: new Catalog(found.before), after: new Catalog(found.after) };
  known = { of, around };
  return around;
}
