/** What the page shows beside the text: nothing that changes what the engine says. */
import { signal } from "@preact/signals";
import type { Range } from "./state";

export const panels = ["findings", "locks", "fix", "verify", "schema", "syntax", "output", "settings"] as const;
export type PanelName = (typeof panels)[number];

export const panel = signal<PanelName>("findings");

/** The title of the only rule whose findings are listed; empty for all. One that says nothing here hides nothing. */
export const onlyTitle = signal("");

/** The statement that the reader points at in a picture, as a range of the text. */
export const pointedAt = signal<Range | null>(null);
