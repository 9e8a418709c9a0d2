/** The log for code scanning: the engine's, with what it leaves out because the page has the rules' documents. */
import type { Sarif, SarifRule } from "../contract";
import { readDocument, ruleInfos } from "../rules/documents";
import { withoutFrontMatter } from "../rules/markdown";

/** What `lockkeeper check --format sarif` prints. */
export async function withDocuments(log: Sarif): Promise<string> {
  for (const { tool } of log.runs) tool.driver.rules = await Promise.all(tool.driver.rules.map(withDocument));
  return `${JSON.stringify(log, null, 2)}\n`;
}

async function withDocument(rule: SarifRule): Promise<SarifRule> {
  const info = ruleInfos.find((it) => it.name === rule.id);
  const document = info && (await readDocument(info.name));
  if (!info || !document) return rule;
  const markdown = withoutFrontMatter(document).trim();
  const text = info.summary;
  return { ...rule, shortDescription: { text }, help: { text, markdown } };
}
