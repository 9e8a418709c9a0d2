/** PostgreSQL's table-level lock modes and which of them can be held side by side. */
import conflicts from "./modes.json" with { type: "json" };

export type Mode = keyof typeof conflicts;

/**
 * Weakest first. The file is the manual's table "Conflicting Lock Modes", a row a mode: an X where a request for the
 * mode of that turn waits. `tests/tidy` holds it to what the engine knows.
 */
export const modes = Object.keys(conflicts) as Mode[];

export const strength = (mode: string) => modes.indexOf(mode as Mode);

/** Must a request for one of the modes wait while the other is held? */
export const conflict = (a: string, b: string) => conflicts[a as Mode]?.[strength(b)] === "X";
