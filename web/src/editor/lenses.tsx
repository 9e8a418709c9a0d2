/** A small row under each statement that locks, works or fails: what it does to the tables. */
import { StateEffect, StateField, type EditorState, type Range, type TransactionSpec } from "@codemirror/state";
import { Decoration, EditorView, WidgetType, type DecorationSet } from "@codemirror/view";
import { render } from "preact";
import type { StatementEffects } from "../contract";
import { keyOf, turnsOf } from "../remarks";
import { Lens, lensIsEmpty } from "../ui/Lens";
import type { Verified } from "../verify/state";

interface Row {
  statement: StatementEffects;
  verified: Verified | undefined;
  /** Its turn where several stand at one place, from 1 on: the row says which one it is about. */
  turn: number | null;
}

const replaceLenses = StateEffect.define<DecorationSet>();

export const lenses = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, transaction) {
    let decorations = shown.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(replaceLenses)) decorations = effect.value;
    }
    return decorations;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/**
 * Shows the rows; null where they are shown already. `verified` has what the server in the page said, by the
 * statement's key.
 */
export function lensesShown(
  state: EditorState,
  statements: StatementEffects[],
  verified: ReadonlyMap<string, Verified>,
): TransactionSpec | null {
  const turns = turnsOf(statements);
  const shared = new Set(statements.filter((_, at) => turns[at]! > 0).map((it) => it.start.offset));
  const rows = statements
    .map((statement, at) => ({
      statement,
      verified: verified.get(keyOf(statement, turns[at]!)),
      turn: shared.has(statement.start.offset) ? turns[at]! + 1 : null,
    }))
    .filter(({ statement }) => !lensIsEmpty(statement))
    .map((row) => decorate(state, row));
  return areShown(state, rows) ? null : { effects: replaceLenses.of(Decoration.set(rows, true)) };
}

function decorate({ doc }: EditorState, row: Row): Range<Decoration> {
  const line = doc.lineAt(Math.min(row.statement.end.offset, doc.length));
  return Decoration.widget({ widget: new LensRow(row), block: true, side: 1 }).range(line.to);
}

function areShown(state: EditorState, wanted: Range<Decoration>[]): boolean {
  const shown = state.field(lenses).iter();
  for (const { from, value } of wanted) {
    if (!shown.value || shown.from !== from || !shown.value.eq(value)) return false;
    shown.next();
  }
  return shown.value === null;
}

class LensRow extends WidgetType {
  readonly #row: Row;
  readonly #key: string;

  constructor(row: Row) {
    super();
    this.#row = row;
    const { kind, locks, rewrites, scans, index_builds, failure } = row.statement;
    this.#key = JSON.stringify([
      kind,
      locks,
      rewrites,
      scans,
      index_builds,
      failure,
      row.verified?.judgement,
      row.turn,
    ]);
  }

  /** Equal rows keep their element, so typing elsewhere does not make them flicker. */
  override eq(other: LensRow) {
    return other.#key === this.#key;
  }

  override get estimatedHeight() {
    return 24;
  }

  override toDOM() {
    const dom = document.createElement("div");
    dom.className = "lens";
    render(<Lens {...this.#row} />, dom);
    return dom;
  }

  override destroy(dom: HTMLElement) {
    render(null, dom);
  }
}
