/** The remarks as underlined text with a tooltip. */
import { forEachDiagnostic, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import type { EditorState, TransactionSpec } from "@codemirror/state";
import type { Command } from "@codemirror/view";
import { render } from "preact";
import { remarkAt, type Remark } from "../remarks";
import { remarks } from "../state";
import { RemarkBody, RemarkHead } from "../ui/Remark";
import { changeText, jumpTo } from "./editor";

/** Underlines the remarks; null where they are underlined already. */
export function remarksShown(state: EditorState, list: Remark[]): TransactionSpec | null {
  const end = state.doc.length;
  const diagnostics = list.map((remark, at): Diagnostic => ({
    from: Math.min(remark.start.offset, end),
    to: Math.min(remark.end.offset, end),
    severity: remark.severity,
    message: remark.message,
    // By its turn: what is underlined already may have moved since.
    renderMessage: () => tooltip(remarks.peek()[at] ?? remark),
  }));
  return areShown(state, diagnostics) ? null : setDiagnostics(state, diagnostics);
}

function areShown(state: EditorState, wanted: Diagnostic[]): boolean {
  let count = 0;
  let same = true;
  // In the order of the text, as they are wanted.
  forEachDiagnostic(state, (it, from, to) => {
    const other = wanted[count++];
    same &&= other?.from === from && other.to === to && other.severity === it.severity && other.message === it.message;
  });
  return same && count === wanted.length;
}

/** Makes the fix of the remark at the caret. */
export const quickFix: Command = (view) => {
  const { from, to } = view.state.selection.main;
  const fixable = remarks.peek().filter((it) => it.fix);
  const remark = remarkAt(fixable, from, to) ?? remarkAt(fixable, from, from);
  if (!remark?.fix) return false;
  changeText(remark.fix.edits);
  return true;
};

function tooltip(remark: Remark): Node {
  const dom = document.createElement("div");
  dom.className = "remark";
  render(
    <>
      <RemarkHead remark={remark} />
      <RemarkBody remark={remark} latest={() => remark} jumpTo={jumpTo} />
    </>,
    dom,
  );
  return dom;
}
