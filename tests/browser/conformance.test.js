/**
 * The rules' own examples on the PostgreSQL in the page. The same examples run on native servers in the server tests, so
 * where the page would say otherwise, it would measure something else than those.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { dist, start } from "./playground.js";
import { soon } from "./soon.js";

const server = "18";

/** The first bad example of each rule that the page's server knows, as the letters of its link. */
function examples() {
  const pages = readdirSync(`${dist}/rules`).filter((it) => it.endsWith(".html") && it !== "index.html");
  return pages.flatMap((page) => {
    const figures = readFileSync(`${dist}/rules/${page}`, "utf8").split('<figure class="example" data-kind="').slice(1);
    const own = figures.find((it) => it.startsWith("bad") && includesServer(it));
    const [, letters] = /data-letters="([^"]+)"/.exec(own ?? "") ?? [];
    return letters ? [{ rule: page.replace(".html", ""), letters }] : [];
  });
}

/** The caption names versions only where the example is not for all of them. */
function includesServer(figure) {
  const [, versions] = / · PostgreSQL ([\d–, ]+)</.exec(figure) ?? [];
  return versions === undefined || versions.endsWith(server);
}

test("the examples of the rules do in the page what they do on native servers", async (t) => {
  const site = await start();
  t.after(() => site.close());
  const playground = await site.open({ hash: "#new" });
  const { page } = playground;
  const counts = new Map();
  const otherwise = [];
  const nothingToRun = [];
  const all = examples();
  // What reads links is fetched with the first of them; later ones are opened at once.
  await page.evaluate((hash) => (location.hash = hash), `#${all[0].letters}`);
  await page.waitForFunction(() => /[A-Z]{4}/.test(document.querySelector(".cm-content .cm-line").innerText));
  for (const { rule, letters } of all) {
    await page.evaluate((hash) => (location.hash = hash), `#${letters}`);
    await page.getByRole("tab", { name: /^Findings/, selected: true }).waitFor();
    await playground.settled();
    await page.keyboard.press("Control+Enter");
    // Settings of a tool: nothing of them is sent.
    const onlyMigrations = page.getByText("Only migrations run here.");
    const begun = page.locator(".verify progress, .verify h2, .verify .mistake");
    await onlyMigrations.or(begun).first().waitFor();
    if (await onlyMigrations.isVisible()) {
      await soon.ok(() => page.locator(".verify .actions button").isDisabled(), rule);
      continue;
    }
    await playground.ran();
    const verdicts = await page
      .locator(".verdicts li")
      .evaluateAll((all) => all.map((it) => ({ label: it.dataset.label, text: it.innerText })));
    if (verdicts.length === 0) nothingToRun.push(rule);
    for (const { label, text } of verdicts) {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      if (label === "otherwise") otherwise.push(`${rule}: ${text}`);
    }
  }
  console.log([...counts].map(([label, count]) => `${label}: ${count}`).join(", "));
  assert.deepEqual(otherwise, []);
  // Its tool leaves the file alone, which is what the rule says.
  assert.deepEqual(nothingToRun, ["file-name-not-recognised"]);
});
