/** Every state, in every size and both colour schemes: no barrier that axe can find, and nothing beside the screen. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { desktop, narrowest, overflow, phone, start, violations } from "./playground.js";

/** A desktop at twice the size of everything. */
const zoomed = { width: desktop.width / 2, height: desktop.height / 2 };
const sizes = { desktop, phone, narrowest, zoomed };
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
  recipes: {
    hash: "#example=index",
    ready: async (page) => {
      await page.getByRole("tab", { name: /^Fix/ }).click();
      await page.locator(".recipe").first().waitFor();
    },
  },
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

for (const [state, options] of Object.entries(states)) {
  for (const [size, viewport] of Object.entries(sizes)) {
    test(`${state}, ${size}`, async () => {
      const playground = await site.open({ ...options, viewport });
      await playground.settled();
      await options.ready?.(playground.page);
      // The narrowest screen and the zoomed one differ in their layout, not in their colours.
      for (const colorScheme of viewport === narrowest || viewport === zoomed ? ["light"] : ["light", "dark"]) {
        await playground.page.emulateMedia({ colorScheme });
        await playground.screenshot(`${state}-${size}-${colorScheme}`);
        assert.deepEqual(await violations(playground.page), [], colorScheme);
      }
      assert.deepEqual(await overflow(playground.page), [], "nothing is wider than the screen");
      await playground.close();
    });
  }
}

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
}

test("nothing moves for those who asked for that", async () => {
  const playground = await site.open({ reducedMotion: "reduce", hash: "#new" });
  await playground.settled();
  const moving = await playground.page.evaluate(() =>
    [...document.querySelectorAll("*")]
      .filter((it) => getComputedStyle(it).transitionDuration !== "0s" || getComputedStyle(it).animationName !== "none")
      .map((it) => it.className || it.tagName),
  );
  assert.deepEqual(moving, []);
  await playground.close();
});

test("forced colours leave every mark visible", async () => {
  const playground = await site.open({ forcedColors: "active" });
  await playground.settled();
  await playground.screenshot("findings-forced-colours");
  assert.deepEqual(await violations(playground.page), []);
  await playground.close();
});
