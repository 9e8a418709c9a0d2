/** One remark: in the list, and in the editor's tooltip. */
import { changeText } from "../editor/editor";
import { preview } from "../choice";
import type { Fixable } from "../fixes";
import { ruleHref } from "../hash";
import { makeFiles, recipeOf } from "../recipes";
import { severityNames, type Remark } from "../remarks";
import { versionsOf, type Range } from "../state";
import { versionsInWords } from "../versions";
import { SeverityIcon } from "./icons";
import { Prose } from "./Prose";
import { Sql } from "./Sql";

/** Severity and message. */
export function RemarkHead({ remark }: { remark: Remark }) {
  return (
    <span class="head">
      <SeverityIcon severity={remark.severity} />
      <span>
        <span class={`severity ${remark.severity}`}>{severityNames[remark.severity]}</span>{" "}
        <span class="message">
          <Prose text={remark.message} />
        </span>
      </span>
    </span>
  );
}

interface BodyProps {
  remark: Remark;
  /** The same remark where it stands by now: while one types elsewhere it is not drawn again. */
  latest: () => Remark;
  jumpTo: (range: Range & { path?: string }) => void;
}

/** What to write instead, what explains it, and where to read on. */
export function RemarkBody({ remark, latest, jumpTo }: BodyProps) {
  const jumpToLabel = (at: number) => {
    const label = latest().labels[at];
    if (label) jumpTo({ path: label.path, from: label.start.offset, to: label.end.offset });
  };
  return (
    <div class="body">
      <RemarkWay remark={remark} copy />
      {remark.labels.map((label, at) => (
        <button type="button" class="label" key={at} onClick={() => jumpToLabel(at)}>
          <span class="line">
            {label.path !== remark.path && `${label.path} `}line {label.start.line}
          </span>{" "}
          <Prose text={label.text} />
        </button>
      ))}
      <RemarkNotes remark={remark} />
      <p class="rule">
        <RuleName remark={remark} />
        <FixButtons remark={remark} latest={latest} />
      </p>
    </div>
  );
}

/** The reason, and what to write instead. */
export function RemarkWay({ remark: { caption, help, instead }, copy }: { remark: Remark; copy: boolean }) {
  return (
    <>
      {caption && <Line text={caption} />}
      {help && <Line text={help} />}
      {instead && (
        <div>
          <p class="instead">instead{instead.how && `, ${instead.how}`}</p>
          <Sql sql={instead.sql} copy={copy} />
        </div>
      )}
    </>
  );
}

export function RemarkNotes({ remark: { notes, assumed } }: { remark: Remark }) {
  return (
    <>
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
    </>
  );
}

/** What can be done about it by a click; what belongs elsewhere goes into a file of its own. */
function FixButtons({ remark, latest }: Omit<BodyProps, "jumpTo">) {
  const { fix } = remark;
  const recipe = recipeOf(remark);
  const made = recipe?.complete ? recipe.steps.filter((it) => it.kind === "new") : [];
  if (!fix && made.length === 0) return null;
  return (
    <span class="fixes">
      {recipe && made.length > 0 && (
        <button
          type="button"
          title={`Makes ${made.map((it) => it.path).join(", ")}; the Fix view shows them`}
          onClick={() => makeLatest(latest())}
        >
          {made.length === 1 ? "To a new file" : `To ${made.length} new files`}
        </button>
      )}
      {fix && (
        <>
          <button type="button" title={fix.title} onClick={() => changeText(latest().fix?.edits ?? [])}>
            Fix
          </button>
          <button type="button" onClick={() => preview(latest() as Fixable)}>
            Preview
          </button>
        </>
      )}
    </span>
  );
}

function makeLatest(remark: Remark) {
  const recipe = recipeOf(remark);
  if (recipe) makeFiles(recipe);
}

/** Set where not every server says the same. */
export function VersionTag({ latest }: { latest: () => Remark }) {
  const versions = versionsOf(latest());
  if (!versions || versions.length === 0) return null;
  return <span class="tag">PG {versionsInWords(versions)}</span>;
}

function Line({ text }: { text: string }) {
  return (
    <p>
      <Prose text={text} />
    </p>
  );
}

/** Every rule's text is part of the page; what is no rule's has none. */
const RuleName = ({ remark: { rule, title } }: { remark: Remark }) =>
  rule ? <a href={ruleHref(rule)}>{rule}</a> : <>{title}</>;
