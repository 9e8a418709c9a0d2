/** PostgreSQL's table-level lock modes and which of them can be held side by side. */

/** Weakest first. */
export const modes = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
] as const;

export type Mode = (typeof modes)[number];

/** The manual's table "Conflicting Lock Modes", a row each: the modes that must wait for this one. */
const conflicts: Record<Mode, readonly Mode[]> = {
  "ACCESS SHARE": ["ACCESS EXCLUSIVE"],
  "ROW SHARE": ["EXCLUSIVE", "ACCESS EXCLUSIVE"],
  "ROW EXCLUSIVE": ["SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"],
  "SHARE UPDATE EXCLUSIVE": ["SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"],
  SHARE: ["ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"],
  "SHARE ROW EXCLUSIVE": [
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
  ],
  EXCLUSIVE: modes.slice(1),
  "ACCESS EXCLUSIVE": modes,
};

export const strength = (mode: string) => modes.indexOf(mode as Mode);

/** Must a request for one of the modes wait while the other is held? */
export const conflict = (a: string, b: string) => conflicts[a as Mode]?.includes(b as Mode) ?? false;
