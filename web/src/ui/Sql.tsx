/** SQL to read, in the colours of the editor, with a button that copies it. Other languages have no colours. */
import { useSignal } from "@preact/signals";
import type { ComponentChild } from "preact";
import { useMemo } from "preact/hooks";
import { colour, dialect } from "../editor/colours";

interface Props {
  sql: string;
  language?: string;
  copy?: boolean;
}

export function Sql({ sql, language = "sql", copy = false }: Props) {
  const coloured = useMemo(() => (language === "sql" ? highlight(sql) : sql), [sql, language, dialect.value]);
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
  colour(
    sql,
    (text, classes) => parts.push(classes ? <span class={classes}>{text}</span> : text),
    () => parts.push("\n"),
  );
  return parts;
}

/** A text that is still to come is promised at once: later the browser would not know that a click asked for it. */
async function write(text: string | Promise<string>) {
  if (typeof text === "string") return navigator.clipboard.writeText(text);
  const blob = text.then((it) => new Blob([it], { type: "text/plain" }));
  await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
}

/** The clipboard exists only on secure pages; elsewhere there is no button. */
export function CopyButton({
  text,
  label = "Copy",
}: {
  text: string | (() => string | Promise<string>);
  label?: string;
}) {
  const said = useSignal<string | null>(null);
  if (!globalThis.navigator?.clipboard) return null;
  const copy = async () => {
    try {
      await write(typeof text === "string" ? text : text());
      said.value = "Copied";
    } catch (error) {
      said.value = error instanceof DOMException ? "Not allowed" : "Failed";
    }
    setTimeout(() => (said.value = null), 2000);
  };
  return (
    <button type="button" class="copy" aria-live="polite" onClick={copy}>
      {said.value ?? label}
    </button>
  );
}
