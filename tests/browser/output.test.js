/** The report in the forms in which others get it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { visits } from "./playground.js";
import { soon } from "./soon.js";

const { visit } = visits({ hash: "#new", permissions: ["clipboard-read", "clipboard-write"] });

const migration = `BEGIN;
CREATE INDEX i ON orders (note);
COMMIT;
ALTER TABLE "a|b\`<i>" ADD COLUMN x int, ADD COLUMN x int;
`;

const copied = async (page, name) => {
  await page.getByRole("button", { name }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
};

async function output(playground, form) {
  await playground.view("Output");
  await playground.page.getByRole("button", { name: form, exact: true }).click();
}

visit("the comment on a change is shown as the forge shows it", {}, async (playground, page) => {
  await playground.paste(migration);
  await output(playground, "PR comment");
  const comment = page.getByRole("article", { name: "The comment" });
  await comment.waitFor();
  await soon.match(() => comment.locator("h2").innerText(), /^Lockkeeper: 1 error, \d+ warnings?/);
  await soon.equal(() => comment.locator("h3").innerText(), "migration.sql");
  const item = comment.locator(".item", { hasText: "index-built-under-lock" });
  await soon.match(() => item.locator("> p").innerText(), /^⚠️ warning in line 2: [^]*\(index-built-under-lock\)$/);
  await soon.equal(() => item.locator(".sql").isVisible(), false);
  await item.getByText("more").click();
  await soon.match(() => item.locator(".sql").innerText(), /CREATE INDEX CONCURRENTLY i ON orders \(note\);/);
  await comment.getByText("What migration.sql locks").click();
  const [first, second] = await playground.cells(comment.locator("table"));
  assert.deepEqual(first, ["2", "CREATE INDEX", "SHARE public.orders", "writes", "builds public.i"]);
  assert.match(
    second.join(" "),
    /^4 ALTER TABLE[^]*refused: column "x" of relation "a\|b`<i>" already exists \(42701\)$/,
  );
});

visit("what is copied is what the command prints", {}, async (playground, page) => {
  await playground.paste(migration);
  await output(playground, "PR comment");
  const comment = await copied(page, "Copy Markdown");
  assert.match(comment, /^<!-- lockkeeper:summary:check -->\n### Lockkeeper: 1 error, /);
  assert.match(comment, /<sub>1 migration, 4 statements, PostgreSQL 17\. Lockkeeper 0\.1\.0<\/sub>\n$/);
  await output(playground, "Markdown");
  const report = await copied(page, "Copy Markdown");
  assert.match(report, /^## Lockkeeper\n/);
  await soon.equal(() => page.locator("pre.report").textContent(), report);
});

visit("the log for code scanning has the rules' documents", {}, async (playground, page) => {
  await playground.paste(migration);
  await output(playground, "SARIF");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as a file" }).click();
  const saved = await download;
  assert.equal(saved.suggestedFilename(), "lockkeeper.sarif");
  const log = JSON.parse(readFileSync(await saved.path(), "utf8"));
  assert.equal(log.version, "2.1.0");
  const [{ tool, results }] = log.runs;
  const rule = tool.driver.rules.find((it) => it.id === "index-built-under-lock");
  const document = readFileSync(new URL("../../rules/index-built-under-lock.md", import.meta.url), "utf8");
  assert.equal(rule.help.markdown, document.split("\n---\n").slice(1).join("\n---\n").trim());
  assert.equal(rule.shortDescription.text, /^summary: (.*)$/m.exec(document)[1]);
  const result = results.find((it) => it.ruleId === "index-built-under-lock");
  assert.equal(result.locations[0].physicalLocation.region.startLine, 2);
});

visit("another text has another report", {}, async (playground, page) => {
  await playground.paste("DROP TABLE a;\n");
  await output(playground, "PR comment");
  const title = page.locator(".comment h2");
  await title.waitFor();
  await soon.equal(() => title.innerText(), "Lockkeeper: 1 warning");
  await playground.editor.press("Control+a");
  await playground.pasteAtOnce("SELECT 1;");
  await page.getByText("Lockkeeper: nothing to report ✅").waitFor();
});
