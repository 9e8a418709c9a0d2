declare module "virtual:rule-infos" {
  import type { RuleInfo } from "./info";

  const infos: RuleInfo[];
  export default infos;
}

declare module "virtual:rule-count" {
  const count: number;
  export default count;
}

declare module "virtual:first-analysis" {
  import type { Analysis } from "../contract";

  const analysis: Analysis;
  export default analysis;
}
