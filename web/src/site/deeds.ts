/**
 * What the servers really did with the examples of a document.
 *
 * It is read from the document's markers, and not measured here: the server tests hold each marker against every
 * version, both ways, so that what a marker does not say did not happen.
 */
import type { Postgres, StatementEffects } from "../contract";
import type { Marker } from "../rules/fence";
import type { Example } from "./example";

/** What some versions did with one statement. */
export interface Deed {
  /** The statement's text on one line. */
  statement: string;
  versions: Postgres[];
  /** One phrase each; empty when nothing is to be seen. */
  did: string[];
}

export function deedsOf({ text, markers, versions }: Example, statements: readonly StatementEffects[]): Deed[] {
  return statements.flatMap((it, index) => {
    const end = statements[index + 1]?.start.offset ?? Infinity;
    const own = markers.filter(({ offset }) => it.start.offset < offset && offset <= end);
    const statement = text.slice(it.start.offset, it.end.offset).replace(/\s+/g, " ");
    return runs(versions, (version) => phrases(own, version)).map((run) => ({ statement, ...run }));
  });
}

const words: Record<string, (value: string) => string> = {
  lock: (value) => value.replace(/^(\S+) /, "$1: "),
  rewrite: (value) => `rewrites ${value}`,
  scan: (value) => `reads every row of ${value}`,
  index: (value) => `builds ${value}`,
  error: (value) => `refuses it: ${value}`,
};

const phrases = (markers: readonly Marker[], version: Postgres): string[] =>
  markers.filter((it) => it.versions.includes(version)).flatMap(({ kind, value }) => words[kind]?.(value) ?? []);

/** Neighbouring versions that did the same. */
function runs(versions: readonly Postgres[], didOf: (version: Postgres) => string[]): Omit<Deed, "statement">[] {
  const found: Omit<Deed, "statement">[] = [];
  for (const version of versions) {
    const did = didOf(version);
    const last = found.at(-1);
    if (last && last.did.join() === did.join()) last.versions.push(version);
    else found.push({ versions: [version], did });
  }
  return found;
}
