/** The front matter of the rule documents, as a module of the page. */
import { readFileSync, readdirSync } from "node:fs";
import type { Plugin } from "vite";
import type { RuleInfo } from "../src/rules/info.ts";

const folder = new URL("../../rules/", import.meta.url);
const index = new URL("../../docs/rules.md", import.meta.url);
/** What all of the page needs, and what only a list of rules does. */
const modules: Record<string, () => unknown> = {
  "virtual:rule-infos": ruleInfos,
  "virtual:rule-count": () => ruleInfos().length,
};

/** What goes wrong, by rule, in the order of the index that `cargo xtask generate settings` writes. */
function hazards(): Map<string, string> {
  const sections = readFileSync(index, "utf8").split(/^## /m).slice(1);
  return new Map(
    sections.flatMap((section) => {
      const title = section.slice(0, section.indexOf("\n"));
      return [...section.matchAll(/^- \[`([a-z0-9-]+)`\]/gm)].map(([, name]) => [name!, title] as const);
    }),
  );
}

export function ruleInfos(): RuleInfo[] {
  const hazardOf = hazards();
  const order = [...new Set(hazardOf.values())];
  const names = readdirSync(folder).filter((it) => it.endsWith(".md") && it !== "README.md");
  return names.sort().map((file) => {
    const [, front = ""] = /^---\n([\s\S]*?)\n---\n/.exec(readFileSync(new URL(file, folder), "utf8")) ?? [];
    const value = (key: string) => new RegExp(`^${key}: *(.*)$`, "m").exec(front)?.[1] ?? "";
    const [summary, severity, category, fix] = ["summary", "severity", "category", "fix"].map(value);
    const name = file.slice(0, -".md".length);
    const hazard = hazardOf.get(name) ?? "";
    return { name, summary, severity, category, fix, hazard, place: order.indexOf(hazard) } as RuleInfo;
  });
}

export const ruleInfosModule: Plugin = {
  name: "rule-infos",
  resolveId: (source) => (source in modules ? `\0${source}` : null),
  load: (module) => {
    const make = module.startsWith("\0") && modules[module.slice(1)];
    return make ? `export default ${JSON.stringify(make())};` : null;
  },
};
