/** What the text would be with the fixes made: a choice, a difference, and ways to take it along. */
import { changeText, jumpTo } from "../../editor/editor";
import { activePath, text } from "../../files";
import { choose, chosen, isChosen, keyOf, proposal } from "../../choice";
import { fixable, type Fixable } from "../../fixes";
import { recipes } from "../../recipes";
import { plural } from "../../remarks";
import { verifyFix } from "../../verify/run";
import { CopyButton } from "../Sql";
import { Prose } from "../Prose";
import { Diff } from "./Diff";
import { Gates } from "./Gates";
import { markdownOf } from "./markdown";
import { Recipes } from "./Recipes";

export function FixPanel() {
  if (fixable.value.length === 0 && recipes.value.length === 0) {
    return (
      <div class="clean">
        <h2>Nothing to apply</h2>
        <p>
          No finding here has a fix that can be made for you. Where there is another way, the finding says what to write
          instead.
        </p>
      </div>
    );
  }
  return (
    <>
      {fixable.value.length > 0 && <Fixes />}
      <Recipes recipes={recipes.value} />
    </>
  );
}

/** What a click can change in the file itself. */
function Fixes() {
  const { skipped } = proposal.value;
  const safe = fixable.value.filter((it) => it.fix.safety === "safe");
  return (
    <section class="fix">
      <h2>In this file</h2>
      <ul class="choices">
        {fixable.value.map((it) => (
          <Choice key={keyOf(it)} remark={it} />
        ))}
      </ul>
      <div class="actions">
        {fixable.value.length > 1 && (
          <button type="button" onClick={() => choose(fixable.value, chosen.value.length < fixable.value.length)}>
            {chosen.value.length < fixable.value.length ? "Choose all" : "Choose none"}
          </button>
        )}
        {safe.length > 0 && safe.length < fixable.value.length && (
          <button
            type="button"
            onClick={() => {
              choose(fixable.value, false);
              choose(safe, true);
            }}
          >
            {safe.length === 1 ? "Only the safe one" : `Only the ${safe.length} safe ones`}
          </button>
        )}
      </div>
      {skipped.length > 0 && (
        <p class="note">
          {plural(skipped.length, "fix", "fixes")} must wait: the same place is changed by another one.
        </p>
      )}
      {chosen.value.length > 0 ? (
        <>
          <Diff before={text.value} after={proposal.value.text} />
          <Gates fixed={proposal.value.text} />
          <div class="actions">
            <button type="button" class="primary" onClick={() => changeText(proposal.value.edits)}>
              Apply to the text
            </button>
            <button type="button" onClick={() => void verifyFix(proposal.value.text)}>
              Verify on PostgreSQL
            </button>
            <CopyButton text={() => proposal.value.text} label="Copy SQL" />
            <CopyButton
              text={() => markdownOf(activePath.value, text.value, proposal.value.text, chosen.value)}
              label="Copy Markdown"
            />
          </div>
        </>
      ) : (
        <p class="note">Choose a fix to see what it changes.</p>
      )}
    </section>
  );
}

function Choice({ remark }: { remark: Fixable }) {
  return (
    <li>
      <label>
        <input
          type="checkbox"
          checked={isChosen(remark)}
          onChange={(event) => choose([remark], event.currentTarget.checked)}
        />
        <span>
          <Prose text={remark.fix.title} />{" "}
          {remark.fix.safety === "unsafe" && (
            <span class="tag" title="It changes more than how long locks are held, so a person must agree">
              needs a look
            </span>
          )}
        </span>
      </label>
      <button
        type="button"
        class="go line"
        onClick={() => jumpTo({ from: remark.start.offset, to: remark.end.offset })}
      >
        line {remark.start.line}
      </button>
    </li>
  );
}
