/** The configuration: a few pickers, every rule, and the `lockkeeper.toml` that they write. */
import { computed, signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { mountConfig } from "../editor/config";
import { ruleHref } from "../hash";
import { ruleInfos, type RuleInfo } from "../rules/documents";
import { changeConfig, config, configMistake } from "../state";
import { getKey, setKey } from "../toml";
import { Prose } from "./Prose";
import { CopyButton } from "./Sql";

const presets = [
  ["", "recommended: what is refused, outages and lost data"],
  ["strict", "strict: advice too"],
  ["all", "all: every rule"],
];

/** How a tool sends files, as `transaction` and `single_query`. */
const runners = [
  { name: "as the file says", transaction: null, single: null },
  { name: "each statement by itself (psql -f)", transaction: "none", single: null },
  { name: "each file in a transaction (Flyway, Rails, Django, goose)", transaction: "file", single: null },
  { name: "all pending files in one transaction (Alembic, Drizzle, TypeORM)", transaction: "run", single: null },
  { name: "each file as one query (Prisma, golang-migrate)", transaction: "none", single: "true" },
];

const preset = { table: "", key: "preset" };
const transaction = { table: "runner", key: "transaction" };
const singleQuery = { table: "runner", key: "single_query" };

const runner = computed(() => {
  const [sent, single] = [getKey(config.value, transaction), getKey(config.value, singleQuery)];
  return runners.findIndex((it) => it.transaction === sent && it.single === single);
});

const quote = (value: string | null) => (value ? `"${value}"` : null);

function chooseRunner(index: number) {
  const { transaction: sent, single } = runners[index]!;
  changeConfig(setKey(setKey(config.value, transaction, quote(sent)), singleQuery, single));
}

export function Settings() {
  return (
    <div class="settings">
      <label>
        <span>Your tool sends</span>
        <select value={runner.value} onChange={(event) => chooseRunner(Number(event.currentTarget.value))}>
          {runners.map(({ name }, index) => (
            <option key={name} value={index}>
              {name}
            </option>
          ))}
          {runner.value < 0 && <option value={-1}>what lockkeeper.toml says</option>}
        </select>
      </label>
      <label>
        <span>Rules to begin with</span>
        <select
          value={getKey(config.value, preset) ?? ""}
          onChange={(event) => changeConfig(setKey(config.value, preset, quote(event.currentTarget.value)))}
        >
          {presets.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <ConfigText />
      <Rules />
    </div>
  );
}

function ConfigText() {
  const mistake = configMistake.value;
  const parent = useRef<HTMLDivElement>(null);
  useEffect(() => (parent.current ? mountConfig(parent.current) : undefined), []);
  return (
    <div class="toml">
      <p class="name">
        lockkeeper.toml
        <CopyButton text={() => config.value} />
      </p>
      <div class="small-editor" data-invalid={mistake !== null || undefined} ref={parent} />
      <p id="config-says" class={mistake ? "mistake" : "note"} role="status">
        {mistake ? (
          <>
            {mistake.place && `line ${mistake.place.line}, column ${mistake.place.column}: `}
            <Prose text={mistake.message} />
            <small>The findings are those of the last text that was understood.</small>
          </>
        ) : (
          "The same file works for the command line, the editor and CI."
        )}
      </p>
    </div>
  );
}

const wanted = signal("");
/** Rules that are listed while nothing is searched for. */
const few = 20;
const levels = ["off", "info", "warning", "error"];

function Rules() {
  const all = useSignal(false);
  const words = wanted.value.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = ({ name, summary, category }: RuleInfo) =>
    words.every((word) => `${name} ${summary} ${category}`.toLowerCase().includes(word));
  const found = ruleInfos.filter(matches);
  const list = words.length > 0 || all.value ? found : found.slice(0, few);
  return (
    <div class="rules">
      <label for="rule-search">Rules</label>
      <input
        id="rule-search"
        type="search"
        placeholder="lock, index, drop…"
        value={wanted.value}
        onInput={(event) => (wanted.value = event.currentTarget.value)}
      />
      <ul>
        {list.map((rule) => (
          <RuleRow key={rule.name} rule={rule} />
        ))}
      </ul>
      {list.length < found.length && (
        <button type="button" class="more" onClick={() => (all.value = true)}>
          Show all {found.length}
        </button>
      )}
      {list.length === 0 && <p class="note">No rule speaks of that.</p>}
    </div>
  );
}

function RuleRow({ rule: { name, summary, severity } }: { rule: RuleInfo }) {
  const place = { table: "rules", key: name };
  const set = getKey(config.value, place);
  return (
    <li>
      <span>
        <a href={ruleHref(name)}>{name}</a>
        <small>{summary}</small>
      </span>
      <select
        aria-label={`Level of ${name}`}
        value={set && levels.includes(set) ? set : ""}
        onChange={(event) => changeConfig(setKey(config.value, place, quote(event.currentTarget.value)))}
      >
        <option value="">{severity}</option>
        {levels
          .filter((it) => it !== severity)
          .map((it) => (
            <option key={it}>{it}</option>
          ))}
      </select>
    </li>
  );
}
