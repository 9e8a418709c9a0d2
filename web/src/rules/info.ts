/** What a rule's document says of it before the text begins. */
export interface RuleInfo {
  name: string;
  summary: string;
  severity: "error" | "warning" | "info";
  category: string;
  /** What goes wrong, as a heading of the index, and the place of that heading. */
  hazard: string;
  place: number;
  fix: "safe" | "unsafe" | "none";
}
