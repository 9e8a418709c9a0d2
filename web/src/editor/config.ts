/** The small editor of `lockkeeper.toml`: plain text with the engine's complaint at its place. */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState, type Text } from "@codemirror/state";
import { EditorView, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { effect } from "@preact/signals";
import { styleNonce } from "../nonce";
import { changeConfig, config, configMistake, type ConfigMistake } from "../state";

const hint = '[rules]\ntable-dropped = "off"\n\n[tables]\nsmall = ["settings", "countries"]';

/** Shows the configuration in `parent`; the answer ends that. */
export function mountConfig(parent: HTMLElement): () => void {
  const follow = EditorView.updateListener.of(({ docChanged, state }) => {
    if (docChanged && state.doc.toString() !== config.peek()) changeConfig(state.doc.toString());
  });
  const extensions = [
    EditorView.cspNonce.of(styleNonce),
    EditorView.contentAttributes.of({
      "aria-label": "lockkeeper.toml",
      "aria-describedby": "config-says",
      spellcheck: "false",
      autocapitalize: "off",
    }),
    EditorView.lineWrapping,
    lineNumbers(),
    history(),
    keymap.of([...defaultKeymap, ...historyKeymap]),
    placeholder(hint),
    follow,
  ];
  const view = new EditorView({ parent, state: EditorState.create({ doc: config.peek(), extensions }) });
  const stops = [
    effect(() => {
      const text = config.value;
      if (text !== view.state.doc.toString())
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    }),
    effect(() => {
      const mistake = configMistake.value;
      view.contentDOM.setAttribute("aria-invalid", String(mistake !== null));
      view.dispatch(setDiagnostics(view.state, mistake ? diagnostics(view.state.doc, mistake) : []));
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    view.destroy();
  };
}

/** From the place that the engine names to the end of the word. */
function diagnostics(doc: Text, { message, place }: ConfigMistake): Diagnostic[] {
  if (!place || place.line > doc.lines) return [];
  const line = doc.line(place.line);
  const before = [...line.text].slice(0, place.column - 1).join("").length;
  const [word = ""] = /^("[^"]*"?|'[^']*'?|[^\s=\],]+)/.exec(line.text.slice(before)) ?? [];
  const from = line.from + Math.min(before, line.length);
  return [{ from, to: from + word.length, severity: "error", message }];
}
