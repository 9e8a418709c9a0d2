/** A small row under each statement that locks, works or fails: what it does to the tables. */
import { StateEffect, StateField, type EditorState, type TransactionSpec } from "@codemirror/state";
import { Decoration, EditorView, WidgetType, type DecorationSet } from "@codemirror/view";
import { render } from "preact";
import type { StatementEffects } from "../contract";
import { Lens, lensIsEmpty } from "../ui/Lens";
import type { Verified } from "../verify/run";

interface Row {
  statement: StatementEffects;
  verified: Verified | undefined;
}

const replaceLenses = StateEffect.define<Row[]>();

export const lenses = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, transaction) {
    let decorations = shown.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(replaceLenses)) decorations = decorate(transaction.state, effect.value);
    }
    return decorations;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** `verified` has what the server in the page said, by where the statement begins. */
export function lensesShown(statements: StatementEffects[], verified: ReadonlyMap<number, Verified>): TransactionSpec {
  const rows = statements
    .filter((it) => !lensIsEmpty(it))
    .map((statement) => ({ statement, verified: verified.get(statement.start.offset) }));
  return { effects: replaceLenses.of(rows) };
}

function decorate({ doc }: EditorState, list: Row[]): DecorationSet {
  const rows = list.map((row) => {
    const line = doc.lineAt(Math.min(row.statement.end.offset, doc.length));
    return Decoration.widget({ widget: new LensRow(row), block: true, side: 1 }).range(line.to);
  });
  return Decoration.set(rows, true);
}

class LensRow extends WidgetType {
  readonly #row: Row;
  readonly #key: string;

  constructor(row: Row) {
    super();
    this.#row = row;
    const { kind, locks, rewrites, scans, index_builds, failure } = row.statement;
    this.#key = JSON.stringify([kind, locks, rewrites, scans, index_builds, failure, row.verified?.judgement]);
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
