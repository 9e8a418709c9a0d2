/** Marks the lines of the statement that the reader points at in a picture. */
import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";
import type { Range } from "../state";

const point = StateEffect.define<Range | null>();
const line = Decoration.line({ class: "cm-pointed" });

export const pointer = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, { changes, effects, state: { doc } }) {
    let decorations = shown.map(changes);
    for (const effect of effects) {
      if (!effect.is(point)) continue;
      const lines = [];
      if (effect.value && effect.value.to <= doc.length) {
        const last = doc.lineAt(effect.value.to).number;
        for (let at = doc.lineAt(effect.value.from).number; at <= last; at++) lines.push(line.range(doc.line(at).from));
      }
      decorations = Decoration.set(lines);
    }
    return decorations;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export const pointAt = (view: EditorView, range: Range | null) => view.dispatch({ effects: point.of(range) });
