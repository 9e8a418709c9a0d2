/** The rule documents of the repository, each fetched when someone wants to read it. */
import infos from "virtual:rule-infos";
import type { RuleInfo } from "./info";

export type { RuleInfo };

/** What there is to know of every rule without reading its document. */
export const ruleInfos: readonly RuleInfo[] = infos;

const prefix = "../../../rules/";
const documents = import.meta.glob<string>(["../../../rules/*.md", "!../../../rules/README.md"], {
  query: "?raw",
  import: "default",
});

const path = (name: string) => `${prefix}${name}.md`;

/** The Markdown of a rule; null when there is no rule of this name. */
export async function readDocument(name: string): Promise<string | null> {
  return (await documents[path(name)]?.()) ?? null;
}
