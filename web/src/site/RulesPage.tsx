/** All rules by category, with a search. */
import type { RuleInfo } from "../rules/info";
import { severityNames } from "../remarks";
import { SeverityIcon } from "../ui/icons";
import { Prose } from "../ui/Prose";
import { Frame } from "./Frame";
import { pageOf } from "./RulePage";

/** In the order in which most people meet them. */
const categories: Record<string, string> = {
  locks: "Locks: who waits",
  partitions: "Partitions",
  constraints: "Constraints",
  transactions: "Transactions",
  data: "Data and running code",
  tools: "What migration tools mind",
  errors: "What PostgreSQL refuses",
};

export function RulesPage({ rules }: { rules: readonly RuleInfo[] }) {
  const known = Object.keys(categories);
  const others = [...new Set(rules.map((it) => it.category))].filter((it) => !known.includes(it));
  return (
    <Frame here="rules">
      <div class="document index">
        <h1>Rules</h1>
        <p>
          What Lockkeeper says about a migration. Each page explains one rule, and its examples are the rule's tests:
          they run on PostgreSQL 13 to 18.
        </p>
        <label class="search">
          <span>Search {rules.length} rules</span>
          <input type="search" placeholder="lock, index, drop…" autocomplete="off" />
        </label>
        <p class="note" role="status" />
        {[...known, ...others].map((category) => (
          <Category key={category} name={category} rules={rules.filter((it) => it.category === category)} />
        ))}
      </div>
    </Frame>
  );
}

function Category({ name, rules }: { name: string; rules: readonly RuleInfo[] }) {
  if (rules.length === 0) return null;
  return (
    <section data-category={name}>
      <h2>{categories[name] ?? name}</h2>
      <ul class="rule-list">
        {rules.map(({ name, summary, severity }) => (
          <li key={name}>
            <a href={pageOf(name)}>{name}</a>
            <span class={`severity ${severity}`}>
              <SeverityIcon severity={severity} /> {severityNames[severity]}
            </span>
            <p>
              <Prose text={summary} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
