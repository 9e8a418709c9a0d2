/** Several files: a schema, a history, and what belongs to which. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { visits } from "./playground.js";
import { soon } from "./soon.js";

const { visit } = visits({ hash: "#new" });

const tabs = (page) => page.getByRole("tablist", { name: "Files" }).getByRole("tab");

const names = (page) => tabs(page).evaluateAll((all) => all.map((it) => it.title));

const shown = (page) =>
  page
    .locator(".editor .cm-line")
    .evaluateAll((lines) => lines.map((it) => (it.querySelector(".cm-placeholder") ? "" : it.textContent)).join("\n"));

async function menu(page, item) {
  await page.locator(".files summary").click();
  await page.getByRole("button", { name: item }).click();
}

visit("a schema ends the guessing", {}, async (playground, page) => {
  await playground.paste("CREATE INDEX CONCURRENTLY i ON t (id);");
  await soon.equal(() => playground.remarks.count(), 0);
  await menu(page, "Add the schema");
  await soon.deepEqual(() => names(page), ["schema.sql", "migration.sql"]);
  await playground.paste("CREATE TABLE t (id int) PARTITION BY RANGE (id);");
  await tabs(page).nth(1).click();
  await playground.settled();
  await soon.match(() => playground.remarks.innerText(), /concurrently-on-partitioned/);
  await playground.remarks.locator(".label").first().click();
  await soon.equal(() => tabs(page).first().getAttribute("aria-selected"), "true", "a label leads into the other file");
});

visit("earlier files are the history of later ones", {}, async (playground, page) => {
  const chooser = page.waitForEvent("filechooser");
  await menu(page, "Open files");
  await (
    await chooser
  ).setFiles([
    { name: "10_last.sql", mimeType: "text/plain", buffer: Buffer.from("CREATE INDEX CONCURRENTLY i ON t (id);") },
    {
      name: "9_first.sql",
      mimeType: "text/plain",
      buffer: Buffer.from("CREATE TABLE t (id int) PARTITION BY RANGE (id);"),
    },
  ]);
  await playground.settled();
  await soon.deepEqual(() => names(page), ["9_first.sql", "10_last.sql"]);
  await soon.equal(() => tabs(page).nth(1).getAttribute("aria-selected"), "true");
  await soon.match(() => playground.remarks.innerText(), /concurrently-on-partitioned/);
  await page.waitForFunction(() => document.querySelectorAll('.files [role="tab"] .count').length === 1);
  await page.reload();
  await playground.settled();
  await soon.equal(() => tabs(page).count(), 2, "files are kept");
});

visit("Python is read by an engine that comes when it is needed", {}, async (playground, page) => {
  const loaded = [];
  page.on("request", (request) => loaded.push(request.url()));
  const python = () => loaded.some((url) => /\/assets\/python-.*\.js$/.test(url));
  await playground.paste("DROP TABLE t;");
  await playground.settled();
  assert.ok(!python(), "SQL does without");
  const chooser = page.waitForEvent("filechooser");
  await menu(page, "Open files");
  const revision = `from alembic import op
revision = "a1"
down_revision = None
def upgrade():
    op.drop_table("accounts")
def downgrade():
    pass
`;
  const file = { name: "a1_drop.py", mimeType: "text/plain", buffer: Buffer.from(revision) };
  await (await chooser).setFiles([file]);
  await playground.settled();
  await soon.match(() => playground.remarks.first().innerText(), /table-dropped/);
  await soon.match(() => playground.remarks.first().innerText(), /accounts/);
  assert.ok(python());
  await tabs(page).first().click();
  await playground.settled();
  await soon.match(() => playground.remarks.first().innerText(), /table-dropped/, "SQL is read as before");
});

visit("each file has its own undo", {}, async (playground, page) => {
  // Pasted, for what is typed is undone in pieces when the machine is slow.
  await playground.paste("SELECT 1;");
  await menu(page, "Add a migration");
  await playground.paste("SELECT 2;");
  await tabs(page).first().click();
  await playground.editor.focus();
  await page.keyboard.press("Control+z");
  await playground.settled();
  await soon.equal(() => shown(page), "");
  await tabs(page).nth(1).click();
  await soon.equal(() => shown(page), "SELECT 2;");
});

visit("a file is renamed and removed", {}, async (playground, page) => {
  await menu(page, "Rename");
  await page.keyboard.type("0007_orders.sql");
  await page.keyboard.press("Enter");
  await menu(page, "Add a migration");
  await soon.deepEqual(() => names(page), ["0007_orders.sql", "0008_orders.sql"]);
  await menu(page, "Remove");
  await soon.deepEqual(() => names(page), ["0007_orders.sql"]);
});

visit("a migration that is added runs after the first", {}, async (playground, page) => {
  await playground.paste("CREATE TABLE t (id int) PARTITION BY RANGE (id);");
  await menu(page, "Add a migration");
  await playground.paste("CREATE INDEX CONCURRENTLY i ON t (id);");
  await soon.deepEqual(() => names(page), ["migration.sql", "migration_2.sql"]);
  await soon.match(() => playground.remarks.innerText(), /concurrently-on-partitioned/);
});

visit("arrow keys go from tab to tab", {}, async (playground, page) => {
  await page.getByRole("tab", { name: /^Findings/ }).focus();
  await page.keyboard.press("ArrowRight");
  await soon.equal(() => page.getByRole("tab", { name: "Locks" }).getAttribute("aria-selected"), "true");
  await page.keyboard.press("End");
  await soon.equal(() => page.getByRole("tab", { name: "Settings" }).getAttribute("aria-selected"), "true");
});

visit("dropped files are opened", {}, async (playground, page) => {
  const transfer = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["DROP TABLE a;"], "1.sql"));
    transfer.items.add(new File(["no"], "photo.png"));
    return transfer;
  });
  await page.locator(".source").dispatchEvent("drop", { dataTransfer: transfer });
  await playground.remarks.first().waitFor();
  await soon.deepEqual(() => names(page), ["1.sql"]);
});

visit("places hold in a file from Windows", {}, async (playground, page) => {
  const transfer = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["-- one\r\n-- two\r\nDROP TABLE a;\r\n"], "1.sql"));
    return transfer;
  });
  await page.locator(".source").dispatchEvent("drop", { dataTransfer: transfer });
  await playground.remarks.first().waitFor();
  await page.keyboard.press("F8");
  await soon.equal(() => playground.selectedText(), "a");
});

/** Opens a folder that holds these files. */
async function openFolder(page, files) {
  const folder = await mkdtemp(join(tmpdir(), "playground-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const chooser = page.waitForEvent("filechooser");
  await menu(page, "Open a folder");
  await (await chooser).setFiles(folder);
}

visit("what tells of the tool is taken along", {}, async (playground, page) => {
  await openFolder(page, {
    "db/migrations/0001_items/up.sql": "CREATE TABLE items (id int);",
    "db/migrations/0002_name/up.sql": "CREATE INDEX CONCURRENTLY items_id ON items (id);",
    "db/migrations/0002_name/metadata.toml": "run_in_transaction = false",
    "db/diesel.toml": "",
    "db/README.txt": "no migration",
    "db/node_modules/a/1.sql": "DROP TABLE others;",
    "db/lockkeeper.toml": '[rules]\ntable-dropped = "error"\n',
  });
  await page.locator(".files .beside").waitFor();
  await playground.settled();
  await soon.deepEqual(() => names(page), ["migrations/0001_items/up.sql", "migrations/0002_name/up.sql"]);
  await soon.equal(() => playground.remarks.count(), 0, "its own file says that it runs outside of a transaction");
  await soon.equal(() => page.locator(".files .beside").innerText(), "with diesel.toml and 1 more");
  await playground.view("Settings");
  await soon.match(() => playground.config(), /table-dropped = "error"/);
  await playground.view("Findings");
  await menu(page, "Without the 2 files beside them");
  await playground.settled();
  await soon.equal(() => page.locator(".files .beside").count(), 0);
});

visit("a folder of Alembic shows its revisions", {}, async (playground, page) => {
  const revision = (name, before, body) =>
    `from alembic import op\nimport sqlalchemy as sa\nfrom app.names import TABLE\n` +
    `revision = "${name}"\ndown_revision = ${before}\n\n\ndef upgrade():\n    ${body}\n`;
  await openFolder(page, {
    "alembic.ini": "[alembic]\nscript_location = alembic\n",
    "alembic/env.py": "from alembic import context\n",
    "app/names.py": 'TABLE = "accounts"\n',
    "alembic/versions/b2_drop.py": revision("b2", '"a1"', "op.drop_table(TABLE)"),
    "alembic/versions/a1_make.py": revision("a1", "None", 'op.create_table(TABLE, sa.Column("id", sa.Integer()))'),
  });
  await playground.remarks.first().waitFor();
  await soon.deepEqual(() => names(page), ["alembic/versions/a1_make.py", "alembic/versions/b2_drop.py"]);
  await soon.match(() => playground.remarks.first().innerText(), /accounts/, "its module is read");
  await playground.remarks.first().locator(".jump").click();
  await soon.match(() => playground.selectedText(), /^(op\.drop_table\(TABLE\)|TABLE)$/);
});

visit("a file of a recipe has the marks of the tool", {}, async (playground, page) => {
  await playground.paste(
    "-- +goose Up\n-- +goose NO TRANSACTION\nDROP INDEX items_id;\nCREATE INDEX items_id ON items (id);\n",
  );
  await page.getByRole("button", { name: "To a new file" }).first().click();
  await playground.settled();
  await soon.match(() => shown(page), /^-- \+goose NO TRANSACTION\n-- \+goose Up\n(CREATE|DROP) INDEX CONCURRENTLY /);
});

visit("the changelog of a dropped folder tells the order", {}, async (playground, page) => {
  const changelog = `databaseChangeLog:
  - changeSet: { id: 1, author: a, changes: [{ sqlFile: { path: z_make.sql } }] }
  - changeSet: { id: 2, author: a, runInTransaction: false, changes: [{ sqlFile: { path: a_index.sql } }] }
`;
  await openFolder(page, {
    "db.changelog-master.yaml": changelog,
    "a_index.sql": "CREATE INDEX CONCURRENTLY items_id ON items (id);",
    "z_make.sql": "CREATE TABLE items (id int);",
  });
  await page.locator(".files .beside").waitFor();
  await playground.settled();
  await soon.equal(() => page.locator(".files .beside").innerText(), "with db.changelog-master.yaml");
  await tabs(page).first().click();
  await playground.settled();
  await soon.equal(() => playground.remarks.count(), 0, "outside of a transaction, on a table that is there");
});
