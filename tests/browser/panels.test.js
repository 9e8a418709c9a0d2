/** Findings in every order, fixes, settings. */
import assert from "node:assert/strict";
import { visits } from "./playground.js";
import { soon } from "./soon.js";

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
  await soon.ok(async () => (await playground.remarks.count()) === (await playground.of("error").count()));
  await chip(page, "warning").click();
  await soon.equal(() => playground.remarks.count(), all);
  await chip(page, "with a fix").click();
  await soon.ok(async () => (await playground.remarks.count()) < all);
});

visit("findings of one rule alone", {}, async (playground, page) => {
  await playground.paste(several);
  await page.getByLabel("Only the rule").selectOption("table-dropped");
  await soon.equal(() => playground.remarks.count(), 2);
  await page.getByLabel("Only the rule").selectOption({ index: 0 });
  await soon.ok(async () => (await playground.remarks.count()) > 2);
});

visit("findings are grouped by rule and by table", {}, async (playground, page) => {
  await playground.paste(several);
  const titles = () => page.locator(".groups h3").evaluateAll((all) => all.map((it) => it.firstChild.textContent));
  await page.getByLabel("by").selectOption("rule");
  await soon.ok(async () => (await titles()).includes("table-dropped"));
  await page.getByLabel("by").selectOption("table");
  await soon.deepEqual(async () => (await titles()).slice(0, 2), ["a", "b"]);
});

visit("a fix is one click, and one Ctrl-Z", {}, async (playground, page) => {
  await playground.paste("CREATE INDEX i ON b (x);");
  await page.getByRole("button", { name: "Fix", exact: true }).click();
  await playground.settled();
  await soon.match(() => page.locator(".editor").innerText(), /CREATE INDEX CONCURRENTLY i ON b/);
  await playground.editor.focus();
  await page.keyboard.press("Control+z");
  await playground.settled();
  await soon.doesNotMatch(() => page.locator(".editor").innerText(), /CONCURRENTLY/);
});

visit("what belongs elsewhere goes into the next file", {}, async (playground, page) => {
  await playground.paste("BEGIN;\nCREATE INDEX i ON b (x);\nALTER TABLE c ADD COLUMN d int;\nCOMMIT;\n");
  await page.getByRole("button", { name: "To a new file" }).first().click();
  await page.getByRole("tab", { name: "migration_2.sql", selected: true }).waitFor();
  await playground.settled();
  await soon.match(() => page.locator(".editor").innerText(), /CREATE INDEX CONCURRENTLY i ON b \(x\);/);
  await soon.equal(() => playground.remarks.count(), 0);
  await page.getByRole("tab", { name: "migration.sql" }).click();
  await playground.settled();
  await soon.match(() => page.locator(".editor").innerText(), /BEGIN;[^;]*ALTER TABLE c/);
});

visit("Ctrl-. makes the fix at the caret", {}, async (playground, page) => {
  await playground.paste("CREATE INDEX i ON b (x);");
  await page.keyboard.press("F8");
  await page.keyboard.press("Control+.");
  await playground.settled();
  await soon.match(() => page.locator(".editor").innerText(), /CONCURRENTLY/);
});

visit("the fixes together, as a difference", {}, async (playground, page) => {
  await playground.paste("CREATE INDEX i ON b (x);\nCREATE INDEX j ON c (x);\n");
  await playground.view("Fix");
  const choices = page.locator(".choices input");
  await soon.equal(() => choices.count(), 2);
  await page.getByRole("button", { name: "Choose all" }).click();
  await page.locator(".diff .cm-changedLine").first().waitFor();
  const sides = page.locator(".gates-pair figure");
  await sides.nth(1).getByText("closed to schema changes only").waitFor();
  await soon.match(() => sides.nth(0).innerText(), /^As it stands\n\s*[bc] is closed to writes/);
  await page.getByRole("button", { name: "Apply to the text" }).click();
  await playground.settled();
  await soon.equal(async () => (await page.locator(".editor").innerText()).match(/CONCURRENTLY/g).length, 2);
});

visit("each version says how it differs", { hash: "#example=foreign-key" }, async (playground, page) => {
  await page.locator("li.remark .tag").waitFor();
  await soon.equal(() => page.locator("li.remark .tag").innerText(), "PG 13–17");
  const option = playground.version.locator("option", { hasText: "18" });
  await soon.match(() => option.innerText(), /18 – no findings/);
});

visit("a rule is turned off where it is listed", {}, async (playground, page) => {
  await playground.paste("DROP TABLE a;");
  await playground.view("Settings");
  await page.getByLabel("Rules", { exact: true }).fill("table-dropped");
  await page.getByLabel("Level of table-dropped").selectOption("off");
  await playground.settled();
  await soon.equal(() => playground.config(), '[rules]\ntable-dropped = "off"');
  await playground.view("Findings");
  await soon.equal(() => playground.remarks.count(), 0);
  await page.reload();
  await playground.settled();
  await soon.equal(() => playground.remarks.count(), 0, "the configuration is kept");
});

visit("a mistake in the configuration is named, and the findings stay", {}, async (playground, page) => {
  await playground.paste("DROP TABLE a;");
  await playground.view("Settings");
  await page.getByLabel("lockkeeper.toml").fill("[rules]\ntable-droped = 'off'");
  await page.getByText("line 2, column 1: there is no rule table-droped; is table-dropped meant?").waitFor();
  await soon.equal(() => page.locator(".small-editor .cm-lintRange-error").innerText(), "table-droped");
  await soon.equal(() => page.getByLabel("lockkeeper.toml").getAttribute("aria-invalid"), "true");
  await playground.view("Findings");
  await soon.equal(() => playground.remarks.count(), 1);
});

visit("the tool decides about the transaction", {}, async (playground, page) => {
  const loaded = [];
  page.on("request", (request) => loaded.push(request.url()));
  const whole = () => loaded.some((url) => /\/assets\/python-.*\.js$/.test(url));
  await playground.paste("CREATE INDEX CONCURRENTLY i ON t (a);\nSELECT 1;");
  await soon.equal(() => playground.of("error").count(), 0);
  assert.ok(!whole(), "without a configuration the small engine does");
  await playground.view("Settings");
  await page.getByLabel("Your tool sends").selectOption({ index: 2 });
  await playground.settled();
  await soon.match(() => playground.config(), /\[runner\]\ntransaction = "file"/);
  await playground.view("Findings");
  await soon.equal(() => playground.of("error").count(), 1);
  assert.ok(whole());
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
  await selected("Syntax");
  await page.keyboard.press("Alt+7");
  await selected("Output");
  await page.keyboard.press("Alt+8");
  await selected("Settings");
  await page.keyboard.press("Control+Enter");
  await selected("Verify");
  await playground.ran();
  await page.locator(".verify h2", { hasText: "confirmed" }).waitFor();
  await page.keyboard.press("?");
  await soon.equal(() => page.getByRole("dialog").count(), 0, "in the editor it is a character");
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
  await soon.deepEqual(
    async () => (await rows())[1],
    ["placed_at", "timestamp with time zone", "NOT NULL DEFAULT now()"],
  );
  await soon.match(() => table.innerText(), /orders_pkey PRIMARY KEY \(id\)/);
  await soon.match(() => playground.panel.innerText(), /mood enum \('calm', 'loud'\)/);
  await page.locator(".files summary").click();
  await page.getByRole("button", { name: "Add a migration" }).click();
  await playground.paste("ALTER TABLE orders ADD COLUMN note text;");
  await table.getByText("note", { exact: true }).waitFor();
  await soon.deepEqual(async () => (await rows())[2], ["note", "text", ""]);
});

visit("a recipe of several files is shown and made", {}, async (playground, page) => {
  await playground.paste("ALTER TABLE users ADD CONSTRAINT users_age CHECK (age > 0);\nDROP TABLE old;\n");
  await playground.view("Settings");
  await page.getByLabel("Your tool sends").selectOption({ index: 2 });
  await playground.settled();
  await playground.view("Fix");
  const recipe = page.locator(".recipe", { hasText: "users" });
  await soon.deepEqual(
    () => recipe.locator(".file").allInnerTexts(),
    ["migration.sql in place of the statement", "migration_2.sql a new file"],
  );
  await soon.match(() => recipe.innerText(), /NOT VALID;[^]*VALIDATE CONSTRAINT users_age;/);
  await recipe.getByRole("button", { name: "Make the file" }).click();
  await page.getByRole("tab", { name: "migration_2.sql", selected: true }).waitFor();
  await playground.settled();
  await soon.match(() => page.locator(".editor").innerText(), /VALIDATE CONSTRAINT users_age;/);
  await page.getByRole("tab", { name: "migration.sql" }).click();
  await playground.settled();
  await soon.match(() => page.locator(".editor").innerText(), /NOT VALID;\n[^]*DROP TABLE old;/);
});

visit("what must come before takes the name, and the text moves on", {}, async (playground, page) => {
  await playground.paste("CREATE TABLE a (id int);\n");
  await page.locator(".files summary").click();
  await page.getByRole("button", { name: "Add a migration" }).click();
  await playground.paste("CREATE TABLE b (a_id int REFERENCES a (id));\n");
  await playground.view("Fix");
  await page.getByRole("button", { name: "Make the file" }).click();
  await playground.settled();
  const files = page.getByRole("tablist", { name: "Files" }).getByRole("tab");
  // By their paths: how many findings each has is told some time later.
  await soon.deepEqual(
    () => files.evaluateAll((all) => all.map((it) => it.title)),
    ["migration.sql", "migration_2.sql", "migration_3.sql"],
  );
  await soon.match(() => page.locator(".editor").innerText(), /CREATE UNIQUE INDEX CONCURRENTLY a_id_key ON a \(id\);/);
  await page.getByRole("tab", { name: "migration_3.sql" }).click();
  await playground.settled();
  await soon.match(() => page.locator(".editor").innerText(), /CREATE TABLE b/);
  await soon.equal(() => playground.of("error").count(), 0);
});

const withClipboard = { permissions: ["clipboard-read", "clipboard-write"] };
visit("a recipe is copied as SQL and as Markdown", withClipboard, async (playground, page) => {
  await playground.paste("BEGIN;\nCREATE INDEX i ON b (x);\nCOMMIT;\n");
  await playground.view("Fix");
  const recipe = page.locator(".recipe").first();
  const copied = async (name) => {
    await recipe.getByRole("button", { name }).click();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  await soon.equal(
    () => copied("Copy SQL"),
    "-- migration.sql: without the statement\n\n" +
      "-- migration_2.sql: a new file that runs outside a transaction\nCREATE INDEX CONCURRENTLY i ON b (x);\n",
  );
  await soon.match(
    () => copied("Copy Markdown"),
    /^\*\*index-built-under-lock\*\*, line 2 of `migration.sql`: [^]*`migration_2.sql`, a new file [^]*```sql\nCREATE INDEX/,
  );
});

visit("of a statement with several actions the rest is left to the reader", {}, async (playground, page) => {
  await playground.paste("BEGIN;\nALTER TABLE t ADD COLUMN b int, ADD CONSTRAINT t_a UNIQUE (a);\nCOMMIT;\n");
  await playground.view("Fix");
  await page.getByText("what remains of it is for you to write").waitFor();
  await soon.equal(() => page.getByRole("button", { name: /^Make the/ }).count(), 0);
});

visit("the syntax tree leads to the text and back", {}, async (playground, page) => {
  await playground.paste("SELECT 1;\nALTER TABLE users ADD COLUMN age int;\n");
  await playground.view("Syntax");
  await page.locator(".tree", { hasText: "AlterTable" }).waitFor();
  await page.getByRole("button", { name: "ColumnDef" }).click();
  await soon.equal(() => playground.selectedText(), "age int");
  await playground.editor.press("Control+Home");
  await page.keyboard.press("ArrowDown");
  for (let i = 0; i < 14; i += 1) await page.keyboard.press("ArrowRight");
  await soon.match(() => page.locator(".node[aria-current]").first().innerText(), /users/);
});
