/** SQL to read, in the colours of the editor, with a button that copies it. */
import { classHighlighter, highlightCode } from "@lezer/highlight";
import { useSignal } from "@preact/signals";
import type { ComponentChild } from "preact";
import { useMemo } from "preact/hooks";
import { postgresql } from "../editor/dialect";

export function Sql({ sql, copy = false }: { sql: string; copy?: boolean }) {
  const coloured = useMemo(() => highlight(sql), [sql]);
  return (
    <div class="sql">
      <pre>
        <code>{coloured}</code>
      </pre>
      {copy && <CopyButton text={sql} />}
    </div>
  );
}

function highlight(sql: string): ComponentChild[] {
  const parts: ComponentChild[] = [];
  highlightCode(
    sql,
    postgresql.language.parser.parse(sql),
    classHighlighter,
    (text, classes) => parts.push(classes ? <span class={classes}>{text}</span> : text),
    () => parts.push("\n"),
  );
  return parts;
}

/** The clipboard exists only on secure pages; elsewhere there is no button. */
export function CopyButton({ text, label = "Copy" }: { text: string | (() => string); label?: string }) {
  const said = useSignal<string | null>(null);
  if (!globalThis.navigator?.clipboard) return null;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === "string" ? text : text());
      said.value = "Copied";
    } catch {
      said.value = "Not allowed";
    }
    setTimeout(() => (said.value = null), 2000);
  };
  return (
    <button type="button" class="copy" aria-live="polite" onClick={copy}>
      {said.value ?? label}
    </button>
  );
}
