/** The front matter of the rule documents, as a module of the page. */
import { readFileSync, readdirSync } from "node:fs";
import type { Plugin } from "vite";
import type { RuleInfo } from "../src/rules/info.ts";

const folder = new URL("../../rules/", import.meta.url);
const id = "virtual:rule-infos";

export function ruleInfos(): RuleInfo[] {
  const names = readdirSync(folder).filter((it) => it.endsWith(".md") && it !== "README.md");
  return names.sort().map((file) => {
    const [, front = ""] = /^---\n([\s\S]*?)\n---\n/.exec(readFileSync(new URL(file, folder), "utf8")) ?? [];
    const value = (key: string) => new RegExp(`^${key}: *(.*)$`, "m").exec(front)?.[1] ?? "";
    const [summary, severity, category, fix] = ["summary", "severity", "category", "fix"].map(value);
    return { name: file.slice(0, -".md".length), summary, severity, category, fix } as RuleInfo;
  });
}

export const ruleInfosModule: Plugin = {
  name: "rule-infos",
  resolveId: (source) => (source === id ? `\0${id}` : null),
  load: (module) => (module === `\0${id}` ? `export default ${JSON.stringify(ruleInfos())};` : null),
};
