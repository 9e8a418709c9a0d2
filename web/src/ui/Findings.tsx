/** The remarks as a list, statement by statement. */
import { useSignal } from "@preact/signals";
import { jumpTo } from "../editor/editor";
import { groupByStatement, plural, type Group, type Remark } from "../remarks";
import { currentRemark, remarks, result } from "../state";
import { RemarkBody, RemarkHead } from "./Remark";

/** Remarks that are listed at once; more would cost seconds of layout. The editor marks them all. */
const page = 200;

export function Findings() {
  const limit = useSignal(page);
  const listed = remarks.value.slice(0, limit.value);
  const hidden = remarks.value.length - listed.length;
  return (
    <>
      <Groups remarks={listed} />
      {hidden > 0 && (
        <button type="button" class="more" onClick={() => (limit.value += page)}>
          Show {Math.min(hidden, page)} of {hidden.toLocaleString("en")} more
        </button>
      )}
    </>
  );
}

function Groups({ remarks }: { remarks: Remark[] }) {
  const groups = groupByStatement(remarks, result.value?.analysis.effects.statements ?? []);
  return (
    <ol class="groups">
      {groups.map((group) => (
        <li key={group.remarks[0]!.start.offset}>
          <GroupHeading group={group} />
          <ul>
            {group.remarks.map((remark) => (
              <li
                key={`${remark.title} ${remark.start.offset} ${remark.end.offset}`}
                class="remark"
                data-severity={remark.severity}
              >
                <Jump remark={remark} />
                <RemarkBody remark={remark} jumpTo={jumpTo} />
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}

function GroupHeading({ group: { statement, remarks } }: { group: Group }) {
  return (
    <h3>
      {statement ? (statement.kind ?? "Not understood") : "Between statements"}
      {remarks.length > 1 && <span class="count">{plural(remarks.length, "finding")}</span>}
    </h3>
  );
}

/** Selects the range in the editor; the one around the caret is marked. */
function Jump({ remark }: { remark: Remark }) {
  const range = { from: remark.start.offset, to: remark.end.offset };
  const current = currentRemark.value === remark;
  return (
    <button type="button" class="jump" aria-current={current ? "true" : undefined} onClick={() => jumpTo(range)}>
      <RemarkHead remark={remark} />
      <span class="line">line {remark.start.line}</span>
    </button>
  );
}
