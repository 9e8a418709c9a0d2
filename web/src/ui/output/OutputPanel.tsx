/** The report in the forms in which others get it: the comment on a change, Markdown, SARIF. */
import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { parsePreview } from "../../output/preview";
import { withDocuments } from "../../output/sarif";
import { saveFile } from "../../share/save";
import { comment, markdownReport, result, sarif } from "../../state";
import { CopyButton } from "../Sql";
import { Preview } from "./Preview";

interface Format {
  label: string;
  /** Where it goes, and what makes it there. */
  about: string;
  command: string;
  file: string;
  type: string;
  /** Null when nobody knows. */
  read(): Promise<string | null>;
}

const formats = {
  comment: {
    label: "PR comment",
    about: "The comment on a pull request or merge request.",
    command: "lockkeeper comment",
    file: "lockkeeper-comment.md",
    type: "text/markdown",
    read: async () => (await comment())?.text ?? null,
  },
  markdown: {
    label: "Markdown",
    about: "The findings with what to write instead, for an issue or the summary of a job.",
    command: "lockkeeper check --format markdown",
    file: "lockkeeper.md",
    type: "text/markdown",
    read: () => markdownReport().catch(() => null),
  },
  sarif: {
    label: "SARIF",
    about: "The log that code scanning reads, version 2.1.0.",
    command: "lockkeeper check --format sarif",
    file: "lockkeeper.sarif",
    type: "application/sarif+json",
    read: async () => {
      const log = await sarif();
      return log && (await withDocuments(log));
    },
  },
} satisfies Record<string, Format>;

type Name = keyof typeof formats;
const names = Object.keys(formats) as Name[];

const chosen = signal<Name>("comment");

export function OutputPanel() {
  const made = useSignal<{ name: Name; text: string } | null>(null);
  const failed = useSignal(false);
  const name = chosen.value;
  const { about, command, file, type, read }: Format = formats[name];
  useEffect(() => {
    let stale = false;
    failed.value = false;
    const show = (text: string | null) => {
      if (stale) return;
      if (text !== null) made.value = { name, text };
      failed.value = text === null;
    };
    read().then(show, () => show(null));
    return () => {
      stale = true;
    };
  }, [result.value, name]);
  const shown = made.value?.name === name ? made.value.text : null;
  return (
    <div class="output">
      <div class="chips" role="group" aria-label="Form">
        {names.map((it) => (
          <button type="button" class="chip" key={it} aria-pressed={it === name} onClick={() => (chosen.value = it)}>
            {formats[it].label}
          </button>
        ))}
      </div>
      <p class="note">
        {about} <code>{command}</code> makes it.
      </p>
      {shown === null ? (
        failed.value ? (
          <p class="note">The report could not be made.</p>
        ) : (
          <p class="starting">Reading…</p>
        )
      ) : (
        <>
          <div class="actions">
            <CopyButton text={shown} label={`Copy ${name === "sarif" ? "SARIF" : "Markdown"}`} />
            <button type="button" onClick={() => saveFile(file, type, shown)}>
              Save as a file
            </button>
          </div>
          {name === "comment" ? (
            <article class="comment" aria-label="The comment">
              <Preview blocks={parsePreview(shown)} />
            </article>
          ) : (
            // A region that scrolls is reached by the keyboard.
            <pre class="report" tabIndex={0} aria-label="The report">
              {shown}
            </pre>
          )}
        </>
      )}
    </div>
  );
}
