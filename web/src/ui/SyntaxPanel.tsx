/** What the parser understood: the tree of each statement, beside the text it stands for. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { TreeNode, Trees } from "../contract";
import { jumpTo } from "../editor/editor";
import { currentStatement, result, selection, statements, syntaxTrees } from "../state";
import { pointedAt } from "../view";

/** Statements that are listed at once. */
const page = 200;
/** With more statements only the one at the caret is open. */
const few = 3;

export function SyntaxPanel() {
  const known = useSignal<Trees | null>(null);
  const failed = useSignal(false);
  const limit = useSignal(page);
  useEffect(() => {
    let stale = false;
    void syntaxTrees().then((it) => {
      if (stale) return;
      if (it) known.value = it;
      failed.value = !it;
    });
    return () => {
      stale = true;
    };
  }, [result.value]);
  if (!known.value)
    return failed.value ? <p class="note">The tree could not be read.</p> : <p class="starting">Reading…</p>;
  const trees = known.value.statements;
  if (trees.length === 0) return <p class="note">There is no statement here.</p>;
  const hidden = trees.length - limit.value;
  return (
    <div class="syntax">
      <p class="note">
        PostgreSQL’s own parser read the text; this is what the rules see of it. What is absent or false is left out.
      </p>
      {trees.slice(0, limit.value).map(({ tree }, index) => (
        <Statement key={index} tree={tree} open={trees.length <= few || isAt(tree)} />
      ))}
      {hidden > 0 && (
        <button type="button" class="more" onClick={() => (limit.value += page)}>
          Show {Math.min(hidden, page)} of {hidden.toLocaleString("en")} more
        </button>
      )}
    </div>
  );
}

/** The statement that the caret is in or behind. */
function isAt({ at }: TreeNode): boolean {
  const current = statements.value[currentStatement.value];
  return current !== undefined && at !== null && current.start.offset === at[0];
}

function Statement({ tree, open }: { tree: TreeNode; open: boolean }) {
  const shown = useSignal(open);
  useEffect(() => {
    if (open) shown.value = true;
  }, [open]);
  const line = statements.value.find((it) => it.start.offset === tree.at?.[0])?.start.line;
  return (
    <details class="tree" open={shown.value} onToggle={(event) => (shown.value = event.currentTarget.open)}>
      <summary>
        {line !== undefined && <span class="line">line {line}</span>} <code>{tree.name || "text"}</code>
      </summary>
      {shown.value && (
        <ul>
          {tree.children.length > 0 ? (
            tree.children.map((it, index) => <Branch key={index} node={it} />)
          ) : (
            <Branch node={tree} />
          )}
        </ul>
      )}
    </details>
  );
}

function Branch({ node }: { node: TreeNode }) {
  const { at, children } = node;
  const range = at && { from: at[0], to: at[1] };
  return (
    <li>
      {range ? (
        <button
          type="button"
          class="node"
          aria-current={isDeepestAtCaret(node) ? "true" : undefined}
          onClick={() => jumpTo(range)}
          onPointerEnter={() => (pointedAt.value = range)}
          onPointerLeave={() => (pointedAt.value = null)}
        >
          <Words node={node} />
        </button>
      ) : (
        <span class="node">
          <Words node={node} />
        </span>
      )}
      {children.length > 0 && (
        <ul>
          {children.map((it, index) => (
            <Branch key={index} node={it} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Words({ node: { field, name, value } }: { node: TreeNode }) {
  return (
    <>
      {field && <span class="role">{field}</span>} {name && <b>{name}</b>} {value !== null && <code>{value}</code>}
    </>
  );
}

const holds = ({ at }: TreeNode, caret: number) => at !== null && at[0] <= caret && caret <= at[1];

/** Whether the caret stands in this piece and in none of those below it. */
function isDeepestAtCaret(node: TreeNode): boolean {
  const { from } = selection.value;
  return holds(node, from) && !node.children.some((it) => holds(it, from));
}
