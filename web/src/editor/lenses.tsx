/** A small row under each statement that locks, works or fails: what it does to the tables. */
import { StateEffect, StateField, type EditorState } from "@codemirror/state";
import { Decoration, EditorView, WidgetType, type DecorationSet } from "@codemirror/view";
import { render } from "preact";
import type { StatementEffects } from "../contract";
import { Lens, lensIsEmpty } from "../ui/Lens";

const replaceLenses = StateEffect.define<StatementEffects[]>();

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

export function showLenses(view: EditorView, statements: StatementEffects[]) {
  view.dispatch({ effects: replaceLenses.of(statements.filter((it) => !lensIsEmpty(it))) });
}

function decorate({ doc }: EditorState, statements: StatementEffects[]): DecorationSet {
  const rows = statements.map((statement) => {
    const line = doc.lineAt(Math.min(statement.end.offset, doc.length));
    return Decoration.widget({ widget: new LensRow(statement), block: true, side: 1 }).range(line.to);
  });
  return Decoration.set(rows, true);
}

class LensRow extends WidgetType {
  readonly #statement: StatementEffects;
  readonly #key: string;

  constructor(statement: StatementEffects) {
    super();
    this.#statement = statement;
    const { kind, locks, rewrites, scans, index_builds, failure } = statement;
    this.#key = JSON.stringify([kind, locks, rewrites, scans, index_builds, failure]);
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
    render(<Lens statement={this.#statement} />, dom);
    return dom;
  }

  override destroy(dom: HTMLElement) {
    render(null, dom);
  }
}
