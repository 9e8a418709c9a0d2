/** Without a mouse: every control is reached, seen, and let go; what opens closes again and gives the focus back. */
import assert from "node:assert/strict";
import { visits } from "./playground.js";
import { soon } from "./soon.js";

const { visit } = visits();

/** More stops than any state of the page has. */
const most = 300;

/**
 * Presses Tab from the start of the page to its end. Gives the controls that were not reached, those that do not show
 * that they have the focus, and how many there were.
 */
async function walk(page) {
  await page.evaluate(() => {
    document.activeElement?.blur();
    getSelection().removeAllRanges();
    globalThis.reached = new Set();
  });
  const unseen = [];
  let ends = 0;
  for (let count = 0; count < most; count += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const focused = document.activeElement;
      if (focused === document.body) return "end";
      if (globalThis.reached.has(focused)) return null;
      globalThis.reached.add(focused);
      const marked = (it) => {
        const { outlineStyle, boxShadow } = it ? getComputedStyle(it) : {};
        return it && (outlineStyle !== "none" || boxShadow !== "none");
      };
      // An editor shows it at its frame.
      const frames = focused.closest(".cm-content") ? [".small-editor", ".editor .cm-editor", ".diff"] : [];
      const around = [focused, ...frames.map((it) => focused.closest(it))];
      return { name: focused.outerHTML.slice(0, 120), seen: around.some(marked) };
    });
    // Behind the last control comes the browser's own frame, then the first.
    if (stop === null || (stop === "end" && ++ends > 1)) break;
    if (stop === "end") continue;
    if (!stop.seen) unseen.push(stop.name);
  }
  const missed = await page.evaluate(() => {
    const controls = "a[href], button, input, select, textarea, summary, [tabindex], [contenteditable='true']";
    const scope = document.querySelector("dialog[open]") ?? document.body;
    return [...scope.querySelectorAll(controls)]
      .filter((it) => it.tabIndex >= 0 && !it.disabled && it.checkVisibility({ visibilityProperty: true }))
      .filter((it) => !globalThis.reached.has(it))
      .map((it) => it.outerHTML.slice(0, 120));
  });
  return { missed, unseen, count: await page.evaluate(() => globalThis.reached.size) };
}

async function walks(page, atLeast) {
  const { missed, unseen, count } = await walk(page);
  assert.deepEqual(missed, [], "reached");
  assert.deepEqual(unseen, [], "seen");
  assert.ok(count >= atLeast, `${count} stops`);
}

const ofViews = {
  Findings: 20,
  Locks: 15,
  Fix: 15,
  Verify: 12,
  Schema: 12,
  Syntax: 15,
  Output: 15,
  Settings: 30,
};
for (const [view, atLeast] of Object.entries(ofViews)) {
  visit(`Tab goes through everything: ${view}`, { hash: "#example=index" }, async (playground, page) => {
    await playground.view(view);
    await playground.settled();
    if (view === "Syntax") await page.locator(".tree").first().waitFor();
    if (view === "Schema") await page.locator(".panel :is(.relation, .clean)").first().waitFor();
    if (view === "Output") await page.locator(".comment .item").first().waitFor();
    await walks(page, atLeast);
  });
}

visit("Tab goes through everything: the empty page", { hash: "#new" }, (_, page) => walks(page, 20));

/** Opens something from a control by the keyboard, closes it by Escape, and the control has the focus again. */
async function opensAndCloses(page, control, opened) {
  await control.focus();
  await page.keyboard.press("Enter");
  await opened.waitFor();
  await page.keyboard.press("Escape");
  await opened.waitFor({ state: "hidden" });
  await soon.ok(() => control.evaluate((it) => it === document.activeElement), "the focus is where it was");
}

visit("Escape closes what a key has opened, and the focus returns", {}, async (_, page) => {
  const dialog = (name) => page.getByRole("dialog", { name });
  await opensAndCloses(page, page.getByRole("button", { name: "Share" }), dialog("Share"));
  await opensAndCloses(page, page.getByRole("button", { name: "Keys", exact: true }), dialog("Keys"));
  const rule = page.locator("li.remark").getByRole("link").first();
  await opensAndCloses(page, rule, dialog("Rule"));
  for (const menu of ["nav .menu", ".files .menu"])
    await opensAndCloses(page, page.locator(`${menu} summary`), page.locator(`${menu} ul`));
});

visit("a dialog holds its own controls and no others", {}, async (_, page) => {
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByLabel("Link to this page").waitFor();
  await walks(page, 4);
});

/** The first chance that a reader has: the editor stands there, and nothing around it answers yet. */
const typeAtOnce = (page) =>
  page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      const content = document.querySelector(".cm-content");
      if (!content) return;
      observer.disconnect();
      content.focus();
      document.execCommand("insertText", false, "DROP TABLE early;");
      globalThis.early = !("drawn" in document.documentElement.dataset);
    }).observe(document, { subtree: true, childList: true });
  });

visit(
  "what is typed before the page is drawn stays, and so does the focus",
  { hash: "#new", prepare: typeAtOnce },
  async (playground, page) => {
    assert.ok(await page.evaluate(() => globalThis.early));
    await page.keyboard.type(" -- and on");
    await soon.match(() => playground.editor.innerText(), /^DROP TABLE early; -- and on$/m);
    await playground.remarks.first().waitFor();
  },
);
