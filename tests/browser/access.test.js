/** Every state, in every size and both colour schemes: no barrier that axe can find, and nothing beside the screen. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { desktop, narrowest, overflow, phone, start, violations } from "./playground.js";
import { goesOn, lock, refused, withServer } from "./stub-server.js";

/** A desktop at twice and at four times the size of everything: what stays of it is as wide as the narrowest screen. */
const zoomed = { width: desktop.width / 2, height: desktop.height / 2 };
const zoomedTwice = { width: desktop.width / 4, height: 1024 / 4 };
const sizes = { desktop, phone, narrowest, zoomed, zoomedTwice };
/** Those that differ in their layout alone. */
const layouts = [narrowest, zoomed, zoomedTwice];

const columns = (...names) => names.map((it) => `ALTER TABLE t ADD COLUMN ${it} int;\n`).join("");

/** Opens the view Verify with a text, and runs it. */
const verified = (server, sql, ready) => ({
  hash: "#new",
  ...server,
  ready: async (page) => {
    await page.getByRole("textbox", { name: "SQL migration" }).focus();
    await page.keyboard.insertText(sql);
    await page.getByRole("tab", { name: "Verify" }).click();
    await page.getByRole("button", { name: "Run on PostgreSQL 18" }).click();
    await ready(page);
  },
});

const states = {
  findings: { hash: "" },
  "syntax-error": { hash: "#example=mistake" },
  versions: { hash: "#example=foreign-key" },
  clean: { hash: "#example=online" },
  empty: { hash: "#new" },
  rule: {
    hash: "#rule=partition-key-missing-in-unique",
    ready: (page) => page.getByRole("dialog").getByRole("heading", { name: "References" }).waitFor(),
  },
  locks: {
    hash: "#example=foreign-key",
    ready: (page) => page.getByRole("tab", { name: "Locks" }).click(),
  },
  fix: {
    ready: async (page) => {
      await page.getByRole("button", { name: "Preview" }).first().click();
      await page.locator(".diff .cm-changedLine").first().waitFor();
    },
  },
  schema: {
    ready: async (page) => {
      await page.getByRole("tab", { name: "Schema" }).click();
      await page.locator(".relation, .panel .clean").first().waitFor();
    },
  },
  syntax: {
    ready: async (page) => {
      await page.getByRole("tab", { name: "Syntax" }).click();
      await page.locator(".tree .node").first().waitFor();
    },
  },
  output: {
    hash: "#example=foreign-key",
    ready: async (page) => {
      await page.getByRole("tab", { name: "Output" }).click();
      await page.locator(".comment summary").first().click();
      await page.locator(".comment table").first().waitFor({ state: "attached" });
      await page.locator(".comment summary").last().click();
    },
  },
  recipes: {
    hash: "#example=index",
    ready: async (page) => {
      await page.getByRole("tab", { name: /^Fix/ }).click();
      await page.locator(".recipe").first().waitFor();
    },
  },
  verify: {
    ready: (page) => page.getByRole("tab", { name: "Verify" }).click(),
  },
  "verify-running": verified(
    withServer(lock("ACCESS EXCLUSIVE"), lock("ACCESS EXCLUSIVE"), goesOn),
    columns("a", "b", "c", "d"),
    (page) => page.getByText("Statement 3 of 4").waitFor(),
  ),
  "verify-stopped": verified(withServer(lock("ACCESS EXCLUSIVE"), goesOn), columns("a", "b"), async (page) => {
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Stopped after 1 statement.").waitFor();
  }),
  "verify-otherwise": verified(
    withServer(
      lock("SHARE ROW EXCLUSIVE"),
      { ...lock("ACCESS EXCLUSIVE"), rewrites: ["public.t"] },
      refused("0A000", "cannot do this"),
      lock("ACCESS EXCLUSIVE"),
    ),
    columns("a", "b", "c", "d"),
    (page) => page.getByText("PostgreSQL says otherwise about 3 statements").waitFor(),
  ),
  "verify-failed": verified(
    { prepare: (page) => page.route("**/pglite*.wasm", (route) => route.abort()) },
    columns("a"),
    (page) => page.locator(".verify .mistake").waitFor(),
  ),
  "only-one-rule": { hash: "#example=index&rule=index-built-under-lock" },
  settings: {
    ready: (page) => page.getByRole("tab", { name: "Settings" }).click(),
  },
  share: {
    ready: async (page) => {
      await page.getByRole("button", { name: "Share" }).click();
      await page.getByLabel("Link to this page").waitFor();
    },
  },
  keys: {
    ready: async (page) => {
      await page.getByRole("tab", { name: "Findings" }).focus();
      await page.keyboard.press("?");
    },
  },
  "broken-link": { hash: "#1zzz" },
  embed: { hash: "embed.html" },
  "no-engine": {
    prepare: (page) => page.route("**/*.wasm", (route) => route.abort()),
  },
};

let site;
before(async () => (site = await start()));
after(() => site?.close());

/** Opens a state, and makes of it what a reader makes. */
async function stateOf({ ready, ...options }, more) {
  const playground = await site.open({ ...options, ...more });
  await playground.settled();
  await ready?.(playground.page);
  return playground;
}

for (const [state, options] of Object.entries(states)) {
  test(state, async () => {
    const playground = await stateOf(options);
    const { page } = playground;
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.setViewportSize(viewport);
      for (const colorScheme of layouts.includes(viewport) ? ["light"] : ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await playground.screenshot(`${state}-${size}-${colorScheme}`);
        const colours = colorScheme === "dark";
        assert.deepEqual(await violations(page, { colours }), [], `${size}, ${colorScheme}`);
      }
      assert.deepEqual(await overflow(page), [], `${size}: nothing is wider than the screen`);
      assert.ok((await stuck(page)) <= viewport.height / 3, `${size}: what stays in sight leaves room for the rest`);
    }
    await page.setViewportSize(desktop);
    assert.deepEqual(await moving(page), [], "still, for those who asked for that");
    await page.emulateMedia({ colorScheme: "light", forcedColors: "active" });
    await playground.screenshot(`${state}-forced-colours`);
    assert.deepEqual(await violations(page, { colours: true }), [], "forced colours");
    assert.deepEqual(await alike(page), [], "forced colours leave every mark visible");
    await page.emulateMedia({ forcedColors: "none" });
    await playground.close();
  });
}

/** What moves though the reader asked for stillness. */
async function moving(page) {
  await page.emulateMedia({ reducedMotion: "reduce" });
  const found = await page.evaluate(() =>
    [...document.querySelectorAll("*")]
      .filter((it) => getComputedStyle(it).transitionDuration !== "0s" || getComputedStyle(it).animationName !== "none")
      .map((it) => it.className || it.tagName),
  );
  await page.emulateMedia({ reducedMotion: "no-preference" });
  return found;
}

/** Where colours are forced: marks that look like what they are to stand out from. */
const alike = (page) =>
  page.evaluate(() => {
    const frame = (it) => {
      const style = getComputedStyle(it);
      return ["borderBottomColor", "outlineColor", "outlineStyle"].map((name) => style[name]).join();
    };
    const pairs = [
      ['[role="tab"][aria-selected="true"]', '[role="tab"][aria-selected="false"]'],
      ['.chip[aria-pressed="true"]', '.chip[aria-pressed="false"]'],
      [".diff .cm-changedLine", ".diff .cm-line:not(.cm-changedLine)"],
      [".diff .cm-deletedChunk", ".diff .cm-line:not(.cm-changedLine)"],
    ];
    const framed = pairs
      .map((pair) => pair.map((it) => document.querySelector(it)))
      .filter(([marked, plain]) => marked && plain && frame(marked) === frame(plain))
      .map(([marked]) => marked.outerHTML.slice(0, 80));
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = "Canvas";
    const canvas = getComputedStyle(probe).color;
    probe.remove();
    const light = (colour) => {
      const [red, green, blue] = colour.match(/[\d.]+/g).map((it) => (Number(it) / 255) ** 2.2);
      return 0.21 * red + 0.72 * green + 0.07 * blue + 0.05;
    };
    const shapes = [...document.querySelectorAll(".icon .shape, .lanes .closed, .picture .bar, .swatch.bar .shape")];
    const faint = shapes
      .map((it) => [it, light(getComputedStyle(it).fill), light(canvas)])
      .filter(([, one, other]) => Math.max(one, other) / Math.min(one, other) < 3)
      .map(([it]) => it.outerHTML.slice(0, 80));
    return [...framed, ...faint];
  });

/** The height of what covers the page while it scrolls. */
const stuck = (page) =>
  page.evaluate(() =>
    [...document.body.querySelectorAll("*")]
      .filter((it) => ["fixed", "sticky"].includes(getComputedStyle(it).position) && it.checkVisibility())
      .filter((it) => !it.closest(".cm-editor, dialog, .view"))
      .reduce((sum, it) => sum + it.getBoundingClientRect().height, 0),
  );

for (const colorScheme of ["light", "dark"]) {
  test(`tooltip, ${colorScheme}`, async () => {
    const playground = await site.open({ colorScheme });
    await playground.settled();
    await playground.page.locator(".cm-lintRange-error").first().hover();
    await playground.page.locator(".cm-tooltip-lint").waitFor();
    await playground.screenshot(`tooltip-${colorScheme}`);
    assert.deepEqual(await violations(playground.page), []);
    await playground.close();
  });
  test(`what is known of a name, and names that fit, ${colorScheme}`, async () => {
    const playground = await site.open({ colorScheme, hash: "#new" });
    const { page } = playground;
    await playground.paste("CREATE TABLE users (id int);\nALTER TABLE users ADD COLUMN name text;\n");
    await playground.editor.press("Control+Home");
    for (let step = 0; step < 14; step += 1) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Control+i");
    await page.locator(".name-card").waitFor();
    await playground.screenshot(`name-card-${colorScheme}`);
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Escape");
    await playground.editor.press("Control+End");
    await page.keyboard.type("DROP TABLE us", { delay: 20 });
    await page.locator(".cm-tooltip-autocomplete li", { hasText: "users" }).waitFor();
    await page.waitForTimeout(150);
    await page.keyboard.press("ArrowDown");
    await page.locator(".cm-tooltip-autocomplete li[aria-selected]").waitFor();
    await playground.screenshot(`names-${colorScheme}`);
    assert.deepEqual(await violations(page), []);
    await playground.close();
  });
}
