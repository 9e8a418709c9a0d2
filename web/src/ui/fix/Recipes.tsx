/** What to write instead in files of their own: each file with its text, and a click that makes them. */
import { useSignal } from "@preact/signals";
import { jumpTo } from "../../editor/editor";
import { fileName } from "../../files";
import { makeFiles, recipeAsMarkdown, recipeAsSql, stepInWords, type Recipe, type Step } from "../../recipes";
import { SeverityIcon } from "../icons";
import { Prose } from "../Prose";
import { CopyButton, Sql } from "../Sql";

/** Recipes that are open to begin with. */
const few = 3;
/** Recipes that are listed at once. */
const page = 50;

export function Recipes({ recipes }: { recipes: readonly Recipe[] }) {
  const limit = useSignal(page);
  if (recipes.length === 0) return null;
  const hidden = recipes.length - limit.value;
  return (
    <section class="recipes">
      <h2>In files of their own</h2>
      <ul>
        {recipes.slice(0, limit.value).map((it) => (
          <li key={`${it.remark.rule} ${it.remark.start.offset} ${it.remark.end.offset}`}>
            <RecipeView recipe={it} open={recipes.length <= few} />
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <button type="button" class="more" onClick={() => (limit.value += page)}>
          Show {Math.min(hidden, page)} of {hidden.toLocaleString("en")} more
        </button>
      )}
    </section>
  );
}

function RecipeView({ recipe, open }: { recipe: Recipe; open: boolean }) {
  const { remark, how, steps, complete } = recipe;
  const made = steps.filter((it) => it.kind === "new").length;
  return (
    <details class="recipe" open={open}>
      <summary>
        <SeverityIcon severity={remark.severity} />
        <span>
          <Prose text={remark.message} />
        </span>
      </summary>
      <p class="note">
        <button
          type="button"
          class="go line"
          onClick={() => jumpTo({ from: remark.start.offset, to: remark.end.offset })}
        >
          line {remark.start.line}
        </button>{" "}
        Instead, {how}:
      </p>
      <ol>
        {steps.map((step, index) => (
          <StepView key={index} step={step} />
        ))}
      </ol>
      {!complete && <p class="note">The statement does more than this, so what remains of it is for you to write.</p>}
      <div class="actions">
        {complete && (
          <button type="button" class="primary" onClick={() => makeFiles(recipe)}>
            {made === 1 ? "Make the file" : `Make the ${made} files`}
          </button>
        )}
        <CopyButton text={() => recipeAsSql(recipe)} label="Copy SQL" />
        <CopyButton text={() => recipeAsMarkdown(recipe)} label="Copy Markdown" />
      </div>
    </details>
  );
}

function StepView({ step }: { step: Step }) {
  return (
    <li>
      <p class="file">
        <code>{fileName(step.path)}</code>{" "}
        <span class={step.transaction ? "label-words" : "tag"}>{stepInWords(step)}</span>
      </p>
      {step.sql && <Sql sql={(step.text ?? step.sql).trimEnd()} />}
    </li>
  );
}
