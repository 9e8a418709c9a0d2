/** What a rule's document says of it before the text begins. */
export interface RuleInfo {
  name: string;
  summary: string;
  severity: "error" | "warning" | "info";
  category: string;
  fix: "safe" | "unsafe" | "none";
}
