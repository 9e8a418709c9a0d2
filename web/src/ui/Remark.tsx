/** One remark: in the list, and in the editor's tooltip. */
import type { Severity } from "../contract";
import { ruleHref } from "../hash";
import type { Remark } from "../remarks";
import { hasDocument } from "../rules/documents";
import type { Range } from "../state";
import { SeverityIcon } from "./icons";
import { Prose } from "./Prose";
import { Sql } from "./Sql";

const severityWords: Record<Severity, string> = { error: "error", warning: "warning", info: "note" };

/** Severity and message. */
export function RemarkHead({ remark }: { remark: Remark }) {
  return (
    <span class="head">
      <SeverityIcon severity={remark.severity} />
      <span>
        <span class={`severity ${remark.severity}`}>{severityWords[remark.severity]}</span>{" "}
        <span class="message">
          <Prose text={remark.message} />
        </span>
      </span>
    </span>
  );
}

/** What to write instead, what explains it, and where to read on. */
export function RemarkBody({ remark, jumpTo }: { remark: Remark; jumpTo: (range: Range) => void }) {
  const { caption, help, instead, notes, labels, assumed } = remark;
  return (
    <div class="body">
      {caption && <Line text={caption} />}
      {help && <Line text={help} />}
      {instead && (
        <div>
          <p class="instead">instead{instead.how && `, ${instead.how}`}</p>
          <Sql sql={instead.sql} copy />
        </div>
      )}
      {labels.map((label) => (
        <button
          type="button"
          class="label"
          key={`${label.start.offset} ${label.text}`}
          onClick={() => jumpTo({ from: label.start.offset, to: label.end.offset })}
        >
          <span class="line">line {label.start.line}</span> <Prose text={label.text} />
        </button>
      ))}
      {notes.map((note) => (
        <p class="note" key={note}>
          <Prose text={note} />
        </p>
      ))}
      {assumed.map((assumption) => (
        <p class="assumed" key={assumption}>
          assumed: <Prose text={assumption} />
        </p>
      ))}
      <p class="rule">
        <RuleName remark={remark} />
      </p>
    </div>
  );
}

function Line({ text }: { text: string }) {
  return (
    <p>
      <Prose text={text} />
    </p>
  );
}

/** The rule's text is part of the page; a rule that the page does not know may have one elsewhere. */
function RuleName({ remark: { rule, title, url } }: { remark: Remark }) {
  if (rule && hasDocument(rule)) return <a href={ruleHref(rule)}>{rule}</a>;
  if (url) {
    return (
      <a href={url} target="_blank" rel="noreferrer">
        {title}
      </a>
    );
  }
  return <>{title}</>;
}
