/** What the engine says against what the server did. */
import type { Lock, StatementEffects } from "../contract";
import { strength } from "../locks/modes";
import type { MadeUp, Seen } from "./protocol";
import { folded } from "./sql";

export type Label =
  /** Server and engine agree. */
  | "verified"
  /** They agree, on tables that the page made up. */
  | "assumed"
  /** They do not: the server is right. */
  | "otherwise"
  /** The engine has no opinion. */
  | "measured"
  /** This server, or what the page knows of the schema, cannot tell. */
  | "unverifiable";

export interface Judgement {
  label: Label;
  /** One sentence each: in what they differ, or why nothing can be said. */
  reasons: string[];
}

/** Failures that rows decide, which nobody can foresee from the statements. */
const ofRows = ["22003", "23502", "23503", "23505", "23514"];
/** Names that the page could not make up. */
const ofNames = ["42P01", "42703", "42704", "42883", "3F000", "42809", "42830"];
/** What this server, in a browser, does not have. */
const ofSystem = ["58P01", "42501", "0A000", "58030", "XX000", "53000"];

/** Goes through the statements in order: after one that failed unforeseen, the others run on another schema. */
export class Judge {
  readonly #madeUp: ReadonlySet<string>;
  /** The relations whose rows are made up. */
  readonly #seeded: ReadonlySet<string>;
  #diverged = false;

  constructor(madeUp: readonly MadeUp[], seeded: readonly string[]) {
    this.#madeUp = new Set(madeUp.flatMap((it) => (it.relation ? [qualified(it.relation)] : [])));
    this.#seeded = new Set(seeded.map(qualified));
  }

  /** `hasGaps`: what the statements run on is not all there. */
  judge(claim: StatementEffects, seen: Seen, hasGaps: boolean): Judgement {
    const judgement = this.#judge(claim, seen, hasGaps);
    if (seen.refusal && !claim.failure) this.#diverged = true;
    return judgement;
  }

  #judge(claim: StatementEffects, seen: Seen, hasGaps: boolean): Judgement {
    const { refusal } = seen;
    // Of a statement that is not understood the engine may still know what the server's own check says.
    const failure = claim.failure?.sqlstate ?? (claim.kind === null ? "42601" : null);
    if (refusal && failure !== refusal.sqlstate) return this.#unforeseen(claim, seen, hasGaps);
    const onMadeUp = this.#isOnMadeUp(claim, seen);
    if (refusal) return { label: onMadeUp ? "assumed" : "verified", reasons: [] };
    if (failure !== null) {
      return onMadeUp || this.#diverged
        ? { label: "unverifiable", reasons: [`it ran here; whether ${failure} comes depends on the schema`] }
        : { label: "otherwise", reasons: [`${failure} was predicted, and PostgreSQL accepts it`] };
    }
    const reasons = differences(claim, seen);
    if (claim.possible) return { label: "measured", reasons };
    if (reasons.length === 0) {
      const note = seen.locksSeen === "none" ? ["its locks cannot be seen from one connection; its work was"] : [];
      return { label: onMadeUp ? "assumed" : "verified", reasons: note };
    }
    if (onMadeUp || this.#diverged)
      return { label: "unverifiable", reasons: [...reasons, "this depends on the schema, which is made up here"] };
    return { label: "otherwise", reasons };
  }

  #unforeseen(claim: StatementEffects, seen: Seen, hasGaps: boolean): Judgement {
    const { sqlstate, message } = seen.refusal!;
    const said = `${sqlstate} ${message}`;
    const because = (why: string): Judgement => ({ label: "unverifiable", reasons: [said, why] });
    if (sqlstate === "25P02" || this.#diverged) return because("an earlier statement failed here");
    if (ofRows.includes(sqlstate)) {
      if (this.#concerns(this.#seeded, claim, seen)) return because("this depends on the rows, which are made up here");
      return { label: "measured", reasons: [said, "the rows decide this, and these are those that the files bring"] };
    }
    if (hasGaps && ofNames.includes(sqlstate)) return because("what it names is not in this page");
    if (ofSystem.includes(sqlstate) && /extension|library|available|permission/.test(message)) {
      return because("the server in this page does not have it");
    }
    if (this.#isOnMadeUp(claim, seen)) return because("this depends on the schema, which is made up here");
    return { label: "otherwise", reasons: [`PostgreSQL refuses it: ${said}`] };
  }

  #isOnMadeUp(claim: StatementEffects, seen: Seen): boolean {
    return this.#concerns(this.#madeUp, claim, seen);
  }

  #concerns(relations: ReadonlySet<string>, claim: StatementEffects, seen: Seen): boolean {
    const names = [...claim.locks, ...seen.locks].map((it) => it.relation);
    return [...names, ...claim.rewrites, ...claim.scans].some((it) => relations.has(qualified(it)));
  }
}

function differences(claim: StatementEffects, seen: Seen): string[] {
  return [...(seen.locksSeen === "none" ? [] : lockDifferences(claim.locks, seen)), ...workDifferences(claim, seen)];
}

/** What is held afterwards must be what was held before or what is claimed, whichever is stronger. */
function lockDifferences(claimed: Lock[], { held, locks }: Seen): string[] {
  const weakest = strength("ROW SHARE");
  const relations = new Set([...claimed, ...locks].map((it) => qualified(it.relation)));
  const found: string[] = [];
  for (const relation of relations) {
    const here = <T extends { relation: string }>(list: T[]) =>
      list.filter((it) => qualified(it.relation) === relation);
    const claims = here(claimed);
    const after = here(locks)[0];
    const expected = Math.max(-1, ...[...here(held), ...claims].map((it) => strength(it.mode)));
    const seen = after ? strength(after.mode) : -1;
    const counts = claims.length > 0 || (after !== undefined && "rpmfS".includes(after.kind) && !after.new);
    if (seen > expected && seen >= weakest && counts) {
      found.push(`${relation}: ${after!.mode} held, ${claims[0]?.mode ?? "no lock"} predicted`);
    } else if (claims.length > 0 && seen < expected && expected >= weakest) {
      found.push(`${relation}: ${claims[0]!.mode} predicted, ${after?.mode ?? "no lock"} held`);
    }
  }
  return found;
}

function workDifferences(claim: StatementEffects, seen: Seen): string[] {
  const fresh = new Set(seen.locks.filter((it) => it.new).map((it) => qualified(it.relation)));
  const kinds = [
    ["rewritten", claim.rewrites, seen.rewrites],
    ["read in full", claim.scans, seen.scans],
    ["built", claim.index_builds, seen.indexBuilds],
  ] as const;
  return kinds.flatMap(([done, claimed, found]) => {
    const [predicted, did] = [new Set(claimed.map(qualified)), new Set(found.map(qualified))];
    return [
      ...[...did]
        .filter((it) => !predicted.has(it) && !fresh.has(it))
        .map((it) => `${it} is ${done}, which was not predicted`),
      ...[...predicted].filter((it) => !did.has(it)).map((it) => `${it} is not ${done}, though it was predicted`),
    ];
  });
}

/** `orders` and `"orders"` are `public.orders`. */
export function qualified(name: string): string {
  const parts = name.match(/"(?:[^"]|"")*"|[^.]+/g) ?? [name];
  const all = parts.length > 1 ? parts : ["public", ...parts];
  return all.map((it) => (/^[a-z_][a-z0-9_$]*$/.test(folded(it)) ? folded(it) : `"${folded(it)}"`)).join(".");
}
