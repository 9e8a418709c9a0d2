declare module "virtual:rule-infos" {
  import type { RuleInfo } from "./info";

  const infos: RuleInfo[];
  export default infos;
}
