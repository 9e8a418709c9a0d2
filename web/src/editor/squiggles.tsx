/** The remarks as underlined text with a tooltip. */
import { setDiagnostics, type Diagnostic } from "@codemirror/lint";
import type { EditorState, TransactionSpec } from "@codemirror/state";
import type { Command } from "@codemirror/view";
import { render } from "preact";
import { remarkAt, type Remark } from "../remarks";
import { remarks } from "../state";
import { RemarkBody, RemarkHead } from "../ui/Remark";
import { changeText, jumpTo } from "./editor";

/** Underlines the remarks. */
export function remarksShown(state: EditorState, remarks: Remark[]): TransactionSpec {
  const end = state.doc.length;
  const diagnostics = remarks.map((remark): Diagnostic => ({
    from: Math.min(remark.start.offset, end),
    to: Math.min(remark.end.offset, end),
    severity: remark.severity,
    message: remark.message,
    renderMessage: () => tooltip(remark),
  }));
  return setDiagnostics(state, diagnostics);
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
      <RemarkBody remark={remark} jumpTo={jumpTo} />
    </>,
    dom,
  );
  return dom;
}
