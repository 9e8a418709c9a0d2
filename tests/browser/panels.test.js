/** Findings in every order, fixes, settings. */
import assert from "node:assert/strict";
import { visits } from "./playground.js";

const { visit } = visits({ hash: "#new" });

const chip = (page, name) => page.locator(".chip", { hasText: name });

const several = `DROP TABLE a;
CREATE INDEX i ON b (x);
DROP TABLE b;
CREATE INDEX CONCURRENTLY j ON c (x);
BEGIN;
CREATE INDEX CONCURRENTLY k ON c (x);
COMMIT;
`;

visit("findings are filtered by kind", {}, async (playground, page) => {
  await playground.paste(several);
  const all = await playground.remarks.count();
  await chip(page, "error").click();
  assert.equal(await playground.remarks.count(), await playground.of("error").count());
  await chip(page, "warning").click();
  assert.equal(await playground.remarks.count(), all);
  await chip(page, "with a fix").click();
  assert.ok((await playground.remarks.count()) < all);
});

visit("findings are grouped by rule and by table", {}, async (playground, page) => {
  await playground.paste(several);
  const titles = () => page.locator(".groups h3").evaluateAll((all) => all.map((it) => it.firstChild.textContent));
  await page.getByLabel("by").selectOption("rule");
  assert.ok((await titles()).includes("table-dropped"));
  await page.getByLabel("by").selectOption("table");
  assert.deepEqual((await titles()).slice(0, 2), ["a", "b"]);
});

visit("a fix is one click, and one Ctrl-Z", {}, async (playground, page) => {
  await playground.paste("CREATE INDEX i ON b (x);");
  await page.getByRole("button", { name: "Fix", exact: true }).click();
  await playground.settled();
  assert.match(await page.locator(".editor").innerText(), /CREATE INDEX CONCURRENTLY i ON b/);
  await playground.editor.focus();
  await page.keyboard.press("Control+z");
  await playground.settled();
  assert.doesNotMatch(await page.locator(".editor").innerText(), /CONCURRENTLY/);
});

visit("what belongs elsewhere goes into the next file", {}, async (playground, page) => {
  await playground.paste("BEGIN;\nCREATE INDEX i ON b (x);\nALTER TABLE c ADD COLUMN d int;\nCOMMIT;\n");
  await page.getByRole("button", { name: "To a new file" }).first().click();
  await page.getByRole("tab", { name: "migration_2.sql", selected: true }).waitFor();
  await playground.settled();
  assert.match(await page.locator(".editor").innerText(), /CREATE INDEX CONCURRENTLY i ON b \(x\);/);
  assert.equal(await playground.remarks.count(), 0);
  await page.getByRole("tab", { name: "migration.sql" }).click();
  await playground.settled();
  assert.match(await page.locator(".editor").innerText(), /BEGIN;[^;]*ALTER TABLE c/);
});

visit("Ctrl-. makes the fix at the caret", {}, async (playground, page) => {
  await playground.paste("CREATE INDEX i ON b (x);");
  await page.keyboard.press("F8");
  await page.keyboard.press("Control+.");
  await playground.settled();
  assert.match(await page.locator(".editor").innerText(), /CONCURRENTLY/);
});

visit("the fixes together, as a difference", {}, async (playground, page) => {
  await playground.paste("CREATE INDEX i ON b (x);\nCREATE INDEX j ON c (x);\n");
  await playground.view("Fix");
  const choices = page.locator(".choices input");
  assert.equal(await choices.count(), 2);
  await page.getByRole("button", { name: "Choose all" }).click();
  await page.locator(".diff .cm-changedLine").first().waitFor();
  await page.getByRole("button", { name: "Apply to the text" }).click();
  await playground.settled();
  assert.equal((await page.locator(".editor").innerText()).match(/CONCURRENTLY/g).length, 2);
});

visit("each version says how it differs", { hash: "#example=foreign-key" }, async (playground, page) => {
  await page.locator("li.remark .tag").waitFor();
  assert.equal(await page.locator("li.remark .tag").innerText(), "PG 13–17");
  const option = playground.version.locator("option", { hasText: "18" });
  assert.match(await option.innerText(), /18 – no findings/);
});

visit("a rule is turned off where it is listed", {}, async (playground, page) => {
  await playground.paste("DROP TABLE a;");
  await playground.view("Settings");
  await page.getByLabel("Level of table-dropped").selectOption("off");
  await playground.settled();
  assert.equal(await page.getByLabel("lockkeeper.toml").inputValue(), '[rules]\ntable-dropped = "off"');
  await playground.view("Findings");
  assert.equal(await playground.remarks.count(), 0);
  await page.reload();
  await playground.settled();
  assert.equal(await playground.remarks.count(), 0, "the configuration is kept");
});

visit("a mistake in the configuration is named, and the findings stay", {}, async (playground, page) => {
  await playground.paste("DROP TABLE a;");
  await playground.view("Settings");
  await page.getByLabel("lockkeeper.toml").fill("[rules]\ntable-droped = 'off'");
  await page.getByText("lockkeeper.toml:2:1: there is no rule `table-droped`; is `table-dropped` meant?").waitFor();
  await playground.view("Findings");
  assert.equal(await playground.remarks.count(), 1);
});

visit("the tool decides about the transaction", {}, async (playground, page) => {
  await playground.paste("CREATE INDEX CONCURRENTLY i ON t (a);\nSELECT 1;");
  assert.equal(await playground.of("error").count(), 0);
  await playground.view("Settings");
  await page.getByLabel("Your tool sends").selectOption({ index: 2 });
  await playground.settled();
  assert.match(await page.getByLabel("lockkeeper.toml").inputValue(), /\[runner\]\ntransaction = "file"/);
  await playground.view("Findings");
  assert.equal(await playground.of("error").count(), 1);
});

visit("rules are found by their words", {}, async (playground, page) => {
  await playground.view("Settings");
  await page.getByLabel("Rules", { exact: true }).fill("partition key");
  const names = await page.locator(".rules li a").allInnerTexts();
  assert.ok(names.includes("partition-key-missing-in-unique"));
  assert.ok(!names.includes("table-dropped"));
});

visit("keys reach every view, the server and the list of keys", {}, async (playground, page) => {
  await playground.paste("SELECT 1;");
  const selected = (name) => page.getByRole("tab", { name, selected: true }).waitFor();
  await page.keyboard.press("Alt+2");
  await selected("Locks");
  await page.keyboard.press("Alt+6");
  await selected("Settings");
  await page.keyboard.press("Control+Enter");
  await selected("Verify");
  await page.locator(".verify h2", { hasText: "confirmed" }).waitFor({ timeout: 30_000 });
  await page.keyboard.press("?");
  assert.equal(await page.getByRole("dialog").count(), 0, "in the editor it is a character");
  await page.getByRole("tab", { name: "Verify" }).focus();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).getByText("next finding").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "hidden" });
});

visit("the schema is that after the file in sight", {}, async (playground, page) => {
  await playground.paste(`CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  placed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TYPE mood AS ENUM ('calm', 'loud');
`);
  await playground.view("Schema");
  const table = page.locator(".relation", { hasText: "orders" });
  const rows = () => playground.cells(table.locator("table"));
  await table.waitFor();
  assert.deepEqual((await rows())[1], ["placed_at", "timestamp with time zone", "NOT NULL DEFAULT now()"]);
  assert.match(await table.innerText(), /orders_pkey PRIMARY KEY \(id\)/);
  assert.match(await playground.panel.innerText(), /mood enum \('calm', 'loud'\)/);
  await page.locator(".files summary").click();
  await page.getByRole("button", { name: "Add a migration" }).click();
  await playground.paste("ALTER TABLE orders ADD COLUMN note text;");
  await table.getByText("note", { exact: true }).waitFor();
  assert.deepEqual((await rows())[2], ["note", "text", ""]);
});
