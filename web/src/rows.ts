/** Whether there is a row under each statement. */
import { computed, signal } from "@preact/signals";
import { statements } from "./state";

/** With more statements the rows are drawn when the reader asks for them: thousands cost a key its time. */
const most = 2_000;

/** The reader asks for all of them. */
export const allRows = signal(false);

export const rowsAreDrawn = computed(() => allRows.value || statements.value.length <= most);
