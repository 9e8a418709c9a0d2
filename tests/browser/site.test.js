/** The pages that the build writes: rules, their list, and the playground before any script has run. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { desktop, dist, overflow, phone, screenshot, violations, visits } from "./playground.js";
import { soon } from "./soon.js";

const { read } = visits();

const rulesFolder = new URL("../../rules/", import.meta.url);
const names = readdirSync(rulesFolder)
  .filter((file) => file.endsWith(".md") && file !== "README.md")
  .map((file) => file.slice(0, -".md".length));

test("every rule has a page whose bad examples are reported by the rule, and whose links lead somewhere", () => {
  const pages = new Set(readdirSync(`${dist}/rules`));
  for (const name of names) {
    const html = readFileSync(`${dist}/rules/${name}.html`, "utf8");
    const examples = html.split('<figure class="example" data-kind="').slice(1);
    const bad = examples.filter((it) => it.startsWith("bad"));
    const document = readFileSync(new URL(`${name}.md`, rulesFolder), "utf8");
    assert.equal(bad.length, document.match(/^```\w+ bad\b/gm).length, name);
    for (const example of bad) {
      assert.ok(example.split("</figure>")[0].includes(`<a href="${name}.html">${name}</a>`), `${name}: ${example}`);
    }
    for (const [, target] of html.matchAll(/href="([\w-]+\.html)"/g))
      assert.ok(pages.has(target), `${name}: ${target}`);
    assert.equal(html.includes("What PostgreSQL 13 to 18 really did"), /^```sql (bad|good)/m.test(document), name);
  }
});

test("a good example is reported by the rule of its page only where the document says so", () => {
  for (const name of names) {
    const html = readFileSync(`${dist}/rules/${name}.html`, "utf8");
    const examples = html.split('<figure class="example" data-kind="').slice(1);
    const good = examples.filter((it) => it.startsWith("good")).map((it) => it.split("</figure>")[0]);
    const reported = good.filter((it) => it.includes(`<a href="${name}.html">`));
    const fences = readFileSync(new URL(`${name}.md`, rulesFolder), "utf8").matchAll(/^```\w+ good.* allow=(\S+)/gm);
    const allowed = [...fences].filter(([, rules]) => rules.split(",").includes(name));
    assert.equal(reported.length, allowed.length, `${name}: ${reported}`);
  }
});

read("the list is grouped by what goes wrong, as the index of the documents", "rules/", {}, async (page) => {
  const index = readFileSync(new URL("../../docs/rules.md", import.meta.url), "utf8");
  const titles = [...index.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
  await soon.deepEqual(() => page.locator("section[data-hazard] h2").allInnerTexts(), titles);
  await page.getByRole("navigation", { name: "What goes wrong" }).getByRole("link", { name: titles[3] }).click();
  assert.ok(page.url().includes("#"));
  await page.getByRole("searchbox").fill(titles[3]);
  await soon.equal(() => page.locator("section[data-hazard]:visible").count(), 1);
});

read("the list is searched", "rules/", {}, async (page) => {
  const shown = () => page.locator(".rule-list li:visible").count();
  await soon.equal(() => shown(), names.length);
  await page.getByRole("searchbox").fill("drop table");
  const found = await shown();
  assert.ok(found > 0 && found < names.length);
  await soon.equal(() => page.getByRole("status").innerText(), `${found} ${found === 1 ? "rule" : "rules"}`);
  await page.getByRole("link", { name: "table-dropped" }).click();
  await page.getByRole("heading", { name: "table-dropped", level: 1 }).waitFor();
});

read("an example becomes an editor", "rules/index-built-under-lock.html", {}, async (page) => {
  const example = page.locator("figure.example").first();
  const printed = await example.locator(".said .message").first().innerText();
  await example.getByRole("link", { name: "Try it" }).click();
  const frame = example.frameLocator("iframe");
  const live = frame.locator("li.remark .message").first();
  await live.waitFor();
  await soon.equal(() => live.innerText(), printed, "the live editor says what was printed");
  await frame.getByRole("textbox", { name: "SQL migration" }).press("Control+Home");
  await page.keyboard.type("DROP TABLE customers;\n");
  await frame.locator("li.remark").nth(1).waitFor();
  await example.getByRole("link", { name: "Open in the playground" }).click();
  await page.getByRole("tab", { name: "0001.sql", selected: true }).waitFor();
});

read(
  "before any script the first example stands there with its findings",
  "",
  { javaScriptEnabled: false },
  async (page) => {
    await soon.match(() => page.locator(".editor").innerText(), /PRIMARY KEY \(id\)/);
    await soon.match(() => page.locator("li.remark").first().innerText(), /partition-key-missing-in-unique/);
    await soon.equal(() => page.locator(".lens").count(), 3);
  },
);

for (const [size, viewport] of Object.entries({ desktop, phone })) {
  for (const colorScheme of ["light", "dark"]) {
    for (const [name, path] of [
      ["rules", "rules/"],
      ["rule-page", "rules/foreign-key-on-partitioned.html"],
      ["rule-of-a-tool", "rules/marker-not-obeyed.html"],
      ["rule-of-alembic", "rules/partitions-depend-on-clock.html"],
    ]) {
      read(`${name}, ${size}, ${colorScheme}`, path, { viewport, colorScheme }, async (page) => {
        await screenshot(page, `${name}-${size}-${colorScheme}`);
        assert.deepEqual(await violations(page), []);
        assert.deepEqual(await overflow(page), []);
      });
    }
  }
}
