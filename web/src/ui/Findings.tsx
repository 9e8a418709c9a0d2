/** The remarks as a list, by statement, by rule or by table. */
import { computed, signal, useComputed, useSignal, type ReadonlySignal } from "@preact/signals";
import { Component } from "preact";
import type { Severity } from "../contract";
import { jumpTo } from "../editor/editor";
import { shortName } from "../locks/words";
import { groupByStatement, groupByKey, plural, severityNames, statementOf, type Remark } from "../remarks";
import { currentRemark, remarks, statements } from "../state";
import { onlyTitle } from "../view";
import { RemarkBody, RemarkHead, VersionTag } from "./Remark";

/** Remarks that are listed at once; more would cost seconds of layout. The editor marks them all. */
const page = 200;
/** With fewer remarks there is nothing to choose from. */
const few = 4;

type Order = "statement" | "rule" | "table";
const orders: Order[] = ["statement", "rule", "table"];
const order = signal<Order>("statement");

type Filter = Severity | "fixable";
const hiddenBy = signal<ReadonlySet<Filter>>(new Set());
const filters: Filter[] = ["error", "warning", "info", "fixable"];
const belongs = (remark: Remark, filter: Filter) =>
  filter === "fixable" ? remark.fix !== null : remark.severity === filter;

const titles = computed(() => [...new Set(remarks.value.map((it) => it.title))]);
const ofRule = computed(() =>
  titles.value.includes(onlyTitle.value) ? remarks.value.filter((it) => it.title === onlyTitle.value) : remarks.value,
);

const chosen = computed(() => {
  const on = hiddenBy.value;
  if (on.size === 0) return ofRule.value;
  const severities = filters.slice(0, 3).filter((it) => on.has(it));
  return ofRule.value.filter(
    (remark) =>
      (severities.length === 0 || severities.some((it) => belongs(remark, it))) &&
      (!on.has("fixable") || belongs(remark, "fixable")),
  );
});

interface Titled {
  title: string;
  remarks: Remark[];
}

/** The table that a remark's statement locks first. */
function tableOf(remark: Remark): string {
  const around = statementOf(remark, statements.value);
  const relation = around?.locks[0]?.relation ?? around?.rewrites[0] ?? around?.scans[0];
  return relation ? shortName(relation) : "no table";
}

function grouped(remarks: Remark[]): Titled[] {
  switch (order.value) {
    case "statement":
      return groupByStatement(remarks, statements.value).map(({ statement, remarks }) => ({
        title: statement ? (statement.kind ?? "Not understood") : "Between statements",
        remarks,
      }));
    case "rule":
      return groupByKey(remarks, (it) => it.title);
    case "table":
      return groupByKey(remarks, tableOf);
  }
}

let last: Titled[] = [];

/** The groups that were drawn last, if these are no others: the rest of an analysis mostly changes nothing of them. */
function kept(groups: Titled[]): Titled[] {
  const all = (one: unknown[], other: unknown[]) =>
    one.length === other.length && one.every((it, at) => it === other[at]);
  const titles = (of: Titled[]) => of.map((it) => it.title);
  const same = all(titles(groups), titles(last)) && groups.every((it, at) => all(it.remarks, last[at]!.remarks));
  return same ? last : (last = groups);
}

export function Findings() {
  const limit = useSignal(page);
  const groups = useComputed(() => kept(grouped(chosen.value.slice(0, limit.value))));
  const hidden = Math.max(0, chosen.value.length - limit.value);
  return (
    <>
      {remarks.value.length >= few && <Choices />}
      <Only />
      <ol class="groups">
        {groups.value.map(({ title, remarks }, index) => (
          // By its turn: a key in the text moves the places of all findings behind it, and leaves their turn.
          <li key={index}>
            <h3>
              {title}
              {remarks.length > 1 && <span class="count">{plural(remarks.length, "finding")}</span>}
            </h3>
            <ul>
              {remarks.map((remark, index) => (
                <Item key={`${remark.title} ${index}`} remark={remark} turn={turns.value.get(remark) ?? -1} />
              ))}
            </ul>
          </li>
        ))}
      </ol>
      {chosen.value.length === 0 && <p class="note">No finding is of this kind.</p>}
      {hidden > 0 && (
        <button type="button" class="more" onClick={() => (limit.value += page)}>
          Show {Math.min(hidden, page)} of {hidden.toLocaleString("en")} more
        </button>
      )}
    </>
  );
}

/** That not all is listed, and the way to all. */
function Only() {
  if (ofRule.value.length === remarks.value.length) return null;
  return (
    <p class="note only-rule">
      Only <code>{onlyTitle.value}</code>: {ofRule.value.length.toLocaleString("en")} of{" "}
      {plural(remarks.value.length, "finding")}.{" "}
      <button type="button" class="link" onClick={() => (onlyTitle.value = "")}>
        Show all
      </button>
    </p>
  );
}

/** What is shown, and in which order. */
function Choices() {
  const toggle = (filter: Filter) => {
    const set = new Set(hiddenBy.value);
    if (!set.delete(filter)) set.add(filter);
    hiddenBy.value = set;
  };
  return (
    <div class="choose">
      <div class="chips" role="group" aria-label="Show only">
        {filters
          .map((filter) => [filter, remarks.value.filter((it) => belongs(it, filter)).length] as const)
          .filter(([filter, count]) => count > 0 || hiddenBy.value.has(filter))
          .map(([filter, count]) => (
            <button
              type="button"
              class="chip"
              key={filter}
              data-severity={filter}
              aria-pressed={hiddenBy.value.has(filter)}
              onClick={() => toggle(filter)}
            >
              {filter === "fixable" ? "with a fix" : severityNames[filter]} <span class="count">{count}</span>
            </button>
          ))}
      </div>
      {titles.value.length > 1 && (
        <span class="only">
          <span aria-hidden="true">rule</span>
          <select
            aria-label="Only the rule"
            value={titles.value.includes(onlyTitle.value) ? onlyTitle.value : ""}
            onChange={(event) => (onlyTitle.value = event.currentTarget.value)}
          >
            <option value="">all {titles.value.length}</option>
            {titles.value.map((it) => (
              <option key={it}>{it}</option>
            ))}
          </select>
        </span>
      )}
      <label>
        <span>by</span>
        <select value={order.value} onChange={(event) => (order.value = event.currentTarget.value as Order)}>
          {orders.map((it) => (
            <option key={it}>{it}</option>
          ))}
        </select>
      </label>
    </div>
  );
}

interface Listed {
  remark: Remark;
  /** Its place among all remarks. */
  turn: number;
}

/** A remark of the list. It is drawn again when it looks different, and not when it has only moved along its line. */
class Item extends Component<Listed> {
  readonly #latest = () => this.props.remark;
  readonly #turn = signal(this.props.turn);
  /** A signal, for the caret moves from one to another with every other key, and draws none of the rest. */
  readonly #current: Current = computed(() => (currentTurn.value === this.#turn.value ? "true" : undefined));

  override componentWillReceiveProps({ turn }: Listed) {
    this.#turn.value = turn;
  }

  override shouldComponentUpdate(next: Listed) {
    return looks(next.remark) !== looks(this.props.remark);
  }

  override render({ remark }: Listed) {
    return (
      <li class="remark" data-severity={remark.severity}>
        <Jump remark={remark} latest={this.#latest} current={this.#current} />
        <RemarkBody remark={remark} latest={this.#latest} jumpTo={jumpTo} />
      </li>
    );
  }
}

/** All that is drawn of a remark. */
const looks = ({ start, labels, fix, path, ...rest }: Remark): string =>
  JSON.stringify([
    { ...rest, end: null },
    start.line,
    labels.map((it) => [it.path === path, it.path, it.start.line, it.text]),
    fix && [fix.title, fix.safety],
  ]);

const turns = computed(() => new Map(remarks.value.map((it, turn) => [it, turn])));

/** The place of the remark around the caret among all; a number, which stays while all of them move. */
const currentTurn = computed(() => (currentRemark.value ? turns.value.get(currentRemark.value) : undefined));

/** Whether the caret is in a remark, as `aria-current` has it. */
type Current = ReadonlySignal<"true" | undefined>;

/** Selects the range in the editor; the one around the caret is marked. */
function Jump({ remark, latest, current }: { remark: Remark; latest: () => Remark; current: Current }) {
  const jump = () => {
    const { start, end } = latest();
    jumpTo({ from: start.offset, to: end.offset });
  };
  return (
    <button type="button" class="jump" aria-current={current} onClick={jump}>
      <RemarkHead remark={remark} />
      <span class="line">
        <VersionTag latest={latest} /> line {remark.start.line}
      </span>
    </button>
  );
}
