declare module "virtual:rule-infos" {
  import type { RuleInfo } from "./info";

  const infos: RuleInfo[];
  export default infos;
}

declare module "virtual:rule-names" {
  const names: string;
  export default names;
}

declare module "virtual:first-analysis" {
  import type { Analysis } from "../contract";

  const analysis: Analysis;
  export default analysis;
}
