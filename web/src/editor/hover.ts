/**
 * What is known of a name in the text: under the pointer, and by a key at the caret. What looks it up is fetched with
 * the first name that is asked about.
 */
import { syntaxTree } from "@codemirror/language";
import { StateEffect, StateField, type EditorState } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap, showTooltip, type Command, type Tooltip } from "@codemirror/view";

/** The rest of a keyword or of a comment is no name. */
const isNoName = (state: EditorState, at: number) =>
  /Keyword|Type|Comment|Number/.test(syntaxTree(state).resolveInner(at, -1).name);

async function tooltipAt({ state }: EditorView, at: number, side: -1 | 1): Promise<Tooltip | null> {
  if (isNoName(state, side < 0 ? at : at + 1)) return null;
  const { nameTooltip } = await import("./names");
  return nameTooltip(state, at);
}

const show = StateEffect.define<Tooltip | null>();

/** What the key shows, until the caret moves. */
const shown = StateField.define<Tooltip | null>({
  create: () => null,
  update(tooltip, { docChanged, selection, effects }) {
    const effect = effects.find((it) => it.is(show));
    if (effect) return effect.value;
    return docChanged || selection ? null : tooltip;
  },
  provide: (field) => showTooltip.from(field),
});

const showAtCaret: Command = (view) => {
  const { state } = view;
  const at = state.selection.main.head;
  void tooltipAt(view, at, -1)
    .then((it) => it ?? tooltipAt(view, at, 1))
    .then(async (tooltip) => {
      // The reader has gone on meanwhile.
      if (view.state.doc !== state.doc || view.state.selection.main.head !== at) return;
      const said = tooltip ? (await import("./names")).spoken(tooltip) : "Nothing is known of a name here.";
      view.dispatch({ effects: [show.of(tooltip), EditorView.announce.of(said)] });
    });
  return true;
};

const hide: Command = (view) => {
  if (!view.state.field(shown)) return false;
  view.dispatch({ effects: show.of(null) });
  return true;
};

export const hover = [
  hoverTooltip(tooltipAt),
  shown,
  keymap.of([
    { key: "Mod-i", run: showAtCaret },
    { key: "Escape", run: hide },
  ]),
];
