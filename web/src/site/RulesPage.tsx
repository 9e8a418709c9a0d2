/** All rules by what goes wrong, with a search. */
import type { RuleInfo } from "../rules/info";
import { severityNames } from "../remarks";
import { SeverityIcon } from "../ui/icons";
import { Prose } from "../ui/Prose";
import { Frame } from "./Frame";
import { pageOf } from "./RulePage";

export function RulesPage({ rules }: { rules: readonly RuleInfo[] }) {
  const hazards = [...new Set([...rules].sort((a, b) => a.place - b.place).map((it) => it.hazard))];
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
        <nav aria-label="What goes wrong">
          <ul class="hazards">
            {hazards.map((hazard) => (
              <li key={hazard}>
                <a href={`#${idOf(hazard)}`}>{hazard}</a>
              </li>
            ))}
          </ul>
        </nav>
        {hazards.map((hazard) => (
          <Hazard key={hazard} title={hazard} rules={rules.filter((it) => it.hazard === hazard)} />
        ))}
      </div>
    </Frame>
  );
}

const idOf = (hazard: string) => hazard.toLowerCase().replaceAll(/[^a-z]+/g, "-");

function Hazard({ title, rules }: { title: string; rules: readonly RuleInfo[] }) {
  return (
    <section data-hazard={title}>
      <h2 id={idOf(title)}>{title}</h2>
      <ul class="rule-list">
        {rules.map(({ name, summary, severity, category }) => (
          <li key={name} data-category={category}>
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
