/** Assertions about a page, which follows what is done to it in its own time. */
import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";

/** How long a busy machine may take for one step, in milliseconds. */
export const patience = 30_000;

/**
 * `assert`, but what it asks is asked again until it holds: `await soon.equal(() => boxes.count(), 2)`.
 * Whoever acts on the answer needs it too, so that an earlier state of the page is not taken for the new one.
 */
export const soon = Object.fromEntries(
  ["ok", "equal", "notEqual", "deepEqual", "match", "doesNotMatch"].map((name) => [
    name,
    async (ask, ...expected) => {
      const end = Date.now() + patience;
      for (;;) {
        try {
          return assert[name](await ask(), ...expected);
        } catch (error) {
          if (Date.now() > end) throw error;
        }
        await setTimeout(50);
      }
    },
  ]),
);
