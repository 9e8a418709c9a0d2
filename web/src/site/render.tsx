/** The pages as HTML; run by the build, never in a browser. */
import { render } from "preact-render-to-string";
import type { Analysis } from "../contract";
import { dialect } from "../editor/colours";
import { postgresql } from "../editor/dialect";
import { firstPath, replaceFiles } from "../files";
import { ruleInfos } from "../rules/documents";
import type { RuleInfo } from "../rules/info";
import { conclude } from "../state";
import { App } from "../ui/App";
import type { Judge } from "./renderer";
import { RulePage } from "./RulePage";
import { RulesPage } from "./RulesPage";

dialect.value = postgresql;

export { ruleInfos };

export const renderRule = (rule: RuleInfo, markdown: string, judge: Judge): string =>
  render(<RulePage rule={rule} markdown={markdown} judge={judge} />);

export const renderRules = (): string => render(<RulesPage rules={ruleInfos} />);

export function renderPlayground(sql: string, analysis: Analysis): string {
  replaceFiles([{ path: firstPath, text: sql }], firstPath);
  conclude(analysis);
  return render(<App printed />);
}
