/** Server versions in words. */
import type { Postgres, Summary } from "./contract";

/** `13–16`, `18`, `13–14, 17`. */
export function versionsInWords(list: readonly Postgres[]): string {
  const runs: [Postgres, Postgres][] = [];
  for (const version of list) {
    const last = runs.at(-1);
    if (last && last[1] === version - 1) last[1] = version;
    else runs.push([version, version]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(", ");
}

/** Errors and warnings of a server, as `1 error, 2 warnings`; empty when there are none. */
export function countsInWords({ errors, warnings, infos }: Pick<Summary, "errors" | "warnings" | "infos">): string {
  const words = [
    [errors, "error"],
    [warnings, "warning"],
    [infos, "note"],
  ] as const;
  return words
    .filter(([count]) => count > 0)
    .map(([count, noun]) => `${count} ${noun}${count === 1 ? "" : "s"}`)
    .join(", ");
}
