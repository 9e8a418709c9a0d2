/** Measurements in words. */
import { strength } from "../../locks/modes";
import type { Verified } from "../../verify/state";

/** For each table the strongest lock that was seen on it, and the work done under it. */
export function whatItDid(verified: readonly Verified[]): Map<string, string> {
  const modes = new Map<string, string>();
  const work = new Map<string, Set<string>>();
  const note = (relation: string, word: string) => work.set(relation, (work.get(relation) ?? new Set()).add(word));
  for (const { seen } of verified) {
    for (const { relation, mode, kind, new: fresh } of seen.locks) {
      if (fresh || "iI".includes(kind) || mode === "ACCESS SHARE") continue;
      const held = modes.get(relation);
      if (held === undefined || strength(held) < strength(mode)) modes.set(relation, mode);
    }
    for (const it of seen.rewrites) note(it, "rewritten");
    for (const it of seen.scans) note(it, "read in full");
  }
  return new Map(
    [...modes].map(([relation, mode]) => [
      relation.replace(/^public\./, ""),
      [mode, ...(work.get(relation) ?? [])].join(", "),
    ]),
  );
}
