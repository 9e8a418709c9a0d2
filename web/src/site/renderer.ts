/** What the build and the rendered pages ask of each other. */
import type { Analysis, Shared } from "../contract";
import type { RuleInfo } from "../rules/info";

/** What the engine says of an example, and the letters of a link to it. */
export type Judge = (shared: Shared) => { analysis: Analysis; letters: string };

/** The module `render.tsx`, as the build loads it. */
export interface Renderer {
  ruleInfos: readonly RuleInfo[];
  renderRule(rule: RuleInfo, markdown: string, judge: Judge): string;
  renderRules(): string;
  /** The playground with its first example, as it is before any script has run. */
  renderPlayground(sql: string, analysis: Analysis): string;
}
