/** The names of all rules: enough to know how many there are, and whether one has a document. */
import names from "virtual:rule-names";

const known: ReadonlySet<string> = new Set(names.split(" "));

export const ruleCount = known.size;

export const hasDocument = (name: string) => known.has(name);
