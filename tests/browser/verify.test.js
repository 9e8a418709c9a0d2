/** The migration on a real PostgreSQL in the page. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { phone, visits } from "./playground.js";
import { patience, soon } from "./soon.js";
import { lock, refused, withServer } from "./stub-server.js";

const { open, visit } = visits({ hash: "#new" });

/** Runs the text and gives for each statement the words of the judgement and what was measured. */
async function run(playground) {
  await playground.view("Verify");
  await playground.page.getByRole("button", { name: "Run on PostgreSQL 18" }).click();
  return results(playground);
}

async function results(playground) {
  await playground.ran();
  return playground.page
    .locator(".verdicts li")
    .evaluateAll((all) =>
      all.map((it) => [
        it.dataset.label,
        it.querySelector("b").textContent,
        it.querySelector("p.measured").textContent,
      ]),
    );
}

visit("a migration without its schema runs on one that is made up", {}, async (playground, page) => {
  await playground.paste(`ALTER TABLE users ALTER COLUMN id TYPE bigint;
ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id);
CREATE INDEX CONCURRENTLY orders_created ON orders (created_at);
CREATE TABLE visits (id bigint PRIMARY KEY, at timestamptz) PARTITION BY RANGE (at);
`);
  assert.deepEqual(await run(playground), [
    ["assumed", "ALTER TABLE", "users ACCESS EXCLUSIVE · rewrote users"],
    ["assumed", "ALTER TABLE", "orders SHARE ROW EXCLUSIVE · users SHARE ROW EXCLUSIVE · read every row of orders"],
    ["assumed", "CREATE INDEX", "orders SHARE UPDATE EXCLUSIVE · built orders_created"],
    [
      "verified",
      "CREATE TABLE",
      "refused: 0A000 unique constraint on partitioned table must include all partitioning columns",
    ],
  ]);
  await page.locator(".lens .tick").first().waitFor();
  await soon.equal(() => page.locator(".lens .tick").count(), 4);
  await soon.match(() => page.locator("footer").innerText(), /4 of 4 verified on 18\./);
  await page.getByText("The schema that was made up").click();
  await soon.match(() => page.locator(".verify details").innerText(), /CREATE TABLE "users"/);
  await playground.editor.focus();
  await playground.type("-- ");
  await soon.equal(() => page.locator(".lens .tick").count(), 0, "another text is not verified");
  await soon.doesNotMatch(() => page.locator("footer").innerText(), /verified/);
});

visit("with a schema nothing is assumed, and what depends on it is found", {}, async (playground, page) => {
  await page.locator(".files summary").click();
  await page.getByRole("button", { name: "Add the schema" }).click();
  await playground.paste(
    "CREATE TABLE orders (id bigint PRIMARY KEY, number int); CREATE VIEW numbers AS SELECT number FROM orders;",
  );
  await page.getByRole("tab", { name: "migration.sql" }).click();
  await playground.paste(`BEGIN;
ALTER TABLE orders ADD COLUMN note text;
COMMIT;
DROP TABLE orders;
`);
  const seen = await run(playground);
  assert.deepEqual(seen, [
    ["verified", "BEGIN", "no lock on an existing table"],
    ["verified", "ALTER TABLE", "orders ACCESS EXCLUSIVE"],
    ["verified", "COMMIT", "no lock on an existing table"],
    ["verified", "DROP TABLE", "refused: 2BP01 cannot drop table orders because other objects depend on it"],
  ]);
});

visit("on a schema that is given nothing is made up", {}, async (playground, page) => {
  await page.locator(".files summary").click();
  await page.getByRole("button", { name: "Add the schema" }).click();
  await playground.paste("CREATE TABLE orders (id bigint PRIMARY KEY);");
  await page.getByRole("tab", { name: "migration.sql" }).click();
  await playground.paste("ALTER TABLE orders ADD CHECK (price > 0);\nDROP TABLE bills;\n");
  assert.deepEqual(await run(playground), [
    ["verified", "ALTER TABLE", 'refused: 42703 column "price" does not exist'],
    ["verified", "DROP TABLE", 'refused: 42P01 table "bills" does not exist'],
  ]);
});

visit("what the reader's own rows decide is not called made up", {}, async (playground, page) => {
  await page.locator(".files summary").click();
  await page.getByRole("button", { name: "Add the schema" }).click();
  await playground.paste(`CREATE TABLE orders (id int, note text);
INSERT INTO orders VALUES (1, NULL);
CREATE TABLE bills (id int, note text) PARTITION BY RANGE (id);
CREATE TABLE bills_1 PARTITION OF bills FOR VALUES FROM (0) TO (100);
`);
  await page.getByRole("tab", { name: "migration.sql" }).click();
  await playground.paste("ALTER TABLE orders ALTER COLUMN note SET NOT NULL;");
  assert.deepEqual(await run(playground), [
    ["measured", "ALTER TABLE", 'refused: 23502 column "note" of relation "orders" contains null values'],
  ]);
  await soon.match(
    () => page.locator(".verdicts").innerText(),
    /the rows decide this, and these are those that the files/,
  );
  await playground.editor.press("Control+a");
  await playground.pasteAtOnce("ALTER TABLE bills ADD CHECK (id > 50);");
  await playground.settled();
  await page.getByRole("button", { name: "Run again" }).click();
  await page.locator(".verify .progress").waitFor({ state: "detached" });
  await soon.equal(async () => (await results(playground))[0][0], "unverifiable");
  await soon.match(() => page.locator(".verdicts").innerText(), /the rows, which are made up here/);
});

visit("the fix is measured beside the original", {}, async (playground, page) => {
  await playground.paste("CREATE INDEX orders_a ON orders (a);");
  await playground.view("Fix");
  await page.getByRole("button", { name: "Choose all" }).or(page.locator(".choices input")).first().click();
  await page.getByRole("button", { name: "Verify on PostgreSQL" }).click();
  await page.locator(".verify h2", { hasText: "With the fixes" }).waitFor({ timeout: 2 * patience });
  await soon.deepEqual(
    () => playground.cells(page.locator(".verify table")),
    [["orders", "SHARE", "SHARE UPDATE EXCLUSIVE"]],
  );
});

/** Opens a revision of Alembic with these calls. */
async function openRevision({ page, remarks }, calls) {
  const chooser = page.waitForEvent("filechooser");
  await page.locator(".files summary").click();
  await page.getByRole("button", { name: "Open files" }).click();
  const lines = ["from alembic import op", "import sqlalchemy as sa", 'revision = "a1"', "down_revision = None", ""];
  const text = [...lines, "def upgrade():", ...calls.map((it) => `    ${it}`), ""].join("\n");
  await (await chooser).setFiles([{ name: "a1_revision.py", mimeType: "text/plain", buffer: Buffer.from(text) }]);
  await remarks.first().waitFor();
}

visit("what a revision of Alembic sends is run", {}, async (playground, page) => {
  await openRevision(playground, [
    'op.alter_column("users", "id", type_=sa.BigInteger())',
    'op.create_index("users_name", "users", ["name"])',
  ]);
  assert.deepEqual(await run(playground), [
    ["assumed", "ALTER TABLE", "users ACCESS EXCLUSIVE · rewrote users"],
    // In the transaction of the tool, which holds the lock of the statement before.
    ["assumed", "CREATE INDEX", "users ACCESS EXCLUSIVE · built users_name"],
  ]);
  await soon.equal(() => page.locator(".lens .tick").count(), 2);
});

visit("two statements of one call have a row each", {}, async (playground, page) => {
  await openRevision(playground, ['op.alter_column("bills", "note", type_=sa.Text(), nullable=False)']);
  await soon.deepEqual(() => page.locator(".lens .which").allInnerTexts(), ["1. ALTER TABLE", "2. ALTER TABLE"]);
  const seen = await run(playground);
  // Whether it rewrites depends on the type before, which is made up; that no row is null is checked in any case.
  assert.deepEqual(
    seen.map(([label]) => label),
    ["unverifiable", "assumed"],
  );
  await soon.match(
    async () => (await page.locator(".lens .tick").allInnerTexts()).join(", "),
    /^\s*not verifiable here,\s*verified/,
  );
  await soon.equal(() => page.locator(".lens .tick").count(), 2);
});

visit("the next run finds a server that has started already", {}, async (playground, page) => {
  const servers = () => page.workers().filter((it) => /postgres-/.test(it.url()));
  await playground.paste("DROP TABLE a;");
  const used = page.waitForEvent("worker", { predicate: (it) => /postgres-/.test(it.url()) });
  await run(playground);
  const first = await used;
  await soon.ok(() => servers().length === 1 && servers()[0] !== first, "one waits for the next run");
  const [spare] = servers();
  const thrownAway = new Promise((closed) => spare.on("close", closed));
  // It has nothing in it of the run before.
  await playground.editor.press("Control+End");
  await page.keyboard.insertText("\nCREATE TABLE a (id int);");
  await playground.settled();
  await page.getByRole("button", { name: "Run again" }).click();
  await page.locator(".verify .note", { hasText: "the text has changed" }).waitFor({ state: "detached" });
  await soon.deepEqual(async () => (await results(playground)).map(([label]) => label), ["assumed", "verified"]);
  await thrownAway;
});

visit("while it runs, the statement at work is marked in the text", {}, async (playground, page) => {
  await playground.paste("SELECT 1;\nSELECT pg_sleep(2);\n");
  await playground.view("Verify");
  await page.getByRole("button", { name: "Run on PostgreSQL 18" }).click();
  await page.getByText("Statement 2 of 2").waitFor({ timeout: 2 * patience });
  await soon.equal(() => page.locator(".cm-pointed").innerText(), "SELECT pg_sleep(2);");
  await results(playground);
  await soon.equal(() => page.locator(".cm-pointed").count(), 0);
});

visit("a history says how far it is", {}, async (playground, page) => {
  await page.locator(".files summary").click();
  await page.getByRole("button", { name: "Add the schema" }).click();
  const tables = Array.from({ length: 60 }, (_, at) => `CREATE TABLE t${at} (id int);`);
  await playground.pasteAtOnce(tables.join("\n"));
  await playground.settled();
  await page.getByRole("tab", { name: "migration.sql" }).click();
  await playground.paste("DROP TABLE t1;");
  await page.evaluate(() => {
    globalThis.values = [];
    new MutationObserver(() => {
      const bar = document.querySelector('progress[aria-label="Preparing the schema"]');
      if (bar && bar.position > 0) globalThis.values.push(bar.value);
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  assert.deepEqual(await run(playground), [["verified", "DROP TABLE", "t1 ACCESS EXCLUSIVE"]]);
  const values = await page.evaluate(() => globalThis.values);
  assert.ok(values.length > 0 && values.every((it) => it > 0 && it <= 1), JSON.stringify(values));
});

visit("a run can be cancelled", {}, async (playground, page) => {
  await playground.paste("SELECT 1;");
  await playground.view("Verify");
  await page.getByRole("button", { name: "Run on PostgreSQL 18" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("Stopped after 0 statements.").waitFor();
});

const stopped = { prepare: (page) => page.clock.install() };
visit("a statement without end is stopped", stopped, async (playground, page) => {
  await playground.paste("SELECT pg_sleep(60);");
  await playground.view("Verify");
  await page.getByRole("button", { name: "Run on PostgreSQL 18" }).click();
  // To see which tables it needs the server runs it once while it prepares.
  await page.getByText("Preparing the schema").waitFor({ timeout: 2 * patience });
  await page.clock.runFor(11_000);
  await page.getByText("did not finish in 10 s").waitFor();
});

const silent = {
  hash: "#example=foreign-key",
  prepare: async (page) => {
    await page.clock.install();
    await page.route(/pglite.*\.wasm$/, () => {});
  },
};
visit("a download that comes to nothing is stopped", silent, async (playground, page) => {
  // The engine has compared the versions: nothing else waits for the clock.
  await playground.version.locator("option", { hasText: "no findings" }).waitFor({ state: "attached" });
  await playground.view("Verify");
  await page.getByRole("button", { name: "Run on PostgreSQL 18" }).click();
  await page.getByText("Fetching PostgreSQL 18").waitFor();
  await page.clock.runFor(31_000);
  await page.getByText("Nothing more of PostgreSQL has come for 30 s.").waitFor();
  await page.getByRole("button", { name: "Run" }).first().waitFor();
});

// Without a clock of the test's own: that would also run out for the engine, which still compares versions.
visit(
  "a run that has ended is not stopped any more",
  withServer(lock("ACCESS EXCLUSIVE")),
  async (playground, page) => {
    await playground.paste("ALTER TABLE t ADD COLUMN a int;");
    assert.equal((await run(playground)).length, 1);
    await page.waitForTimeout(11_000);
    await soon.match(() => page.locator(".verify h2").innerText(), /1 of 1 statement confirmed/);
    await soon.equal(() => page.locator(".verify .mistake").count(), 0);
  },
);

// Answers what the page asks at once, and questions beside it so late that the text can change before.
const busy = `
  onmessage = ({ data: { revision, set, survey } }) => {
    if (!set) {
      setTimeout(() => postMessage({ kind: "surveyed", survey, analyses: [] }), 1500);
      return;
    }
    const summary = { files: 1, statements: 0, errors: 0, warnings: 0, infos: 0, problems: 0 };
    const tool = { name: "lockkeeper", version: "0.1.0" };
    const check = { tool, postgres: 17, summary, findings: [], problems: [], unused_suppressions: [] };
    const effects = { postgres: 17, statements: [], transactions: [] };
    postMessage({ kind: "analysed", revision, analysis: JSON.stringify({ check, effects }), milliseconds: 1 });
  };
  postMessage({ kind: "ready" });`;
const withBusyEngine = {
  prepare: (page) =>
    page.route("**/worker-*.js", (route) => route.fulfill({ contentType: "text/javascript", body: busy })),
};
visit("a run whose text changes before it begins says so", withBusyEngine, async (playground, page) => {
  await playground.paste("SELECT 1;");
  await playground.view("Verify");
  await page.getByRole("button", { name: "Run on PostgreSQL 18" }).click();
  await playground.type("-- changed");
  await page.getByText("The text changed before the run began").waitFor();
  await page.getByRole("button", { name: "Run again" }).waitFor();
});

const otherwise = Object.assign(
  { permissions: ["clipboard-read", "clipboard-write"] },
  withServer(
    lock("SHARE ROW EXCLUSIVE"),
    { ...lock("ACCESS EXCLUSIVE"), rewrites: ["public.t"] },
    refused("0A000", "cannot do this"),
    refused("25P02", "current transaction is aborted"),
  ),
);
visit("where the server says otherwise, the page says in what", otherwise, async (playground, page) => {
  await playground.paste(["a", "b", "c", "d"].map((it) => `ALTER TABLE t ADD COLUMN ${it} int;\n`).join(""));
  const seen = await run(playground);
  assert.deepEqual(
    seen.map(([label]) => label),
    ["otherwise", "otherwise", "otherwise", "unverifiable"],
  );
  const said = await page.locator(".verdicts").innerText();
  assert.match(said, /public\.t: ACCESS EXCLUSIVE predicted, SHARE ROW EXCLUSIVE held/);
  assert.match(said, /public\.t is rewritten, which was not predicted/);
  assert.match(said, /PostgreSQL refuses it: 0A000 cannot do this/);
  assert.match(said, /an earlier statement failed here/);
  await soon.match(() => page.locator(".verify h2").innerText(), /otherwise about 3 statements/);
  await page.getByRole("button", { name: "Copy a report of it" }).click();
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await soon.match(clipboard, /"failure": "0A000 cannot do this"/);
  const report = await clipboard();
  assert.equal(report.match(/```sql\nALTER TABLE t ADD COLUMN [abc] int\n```/g).length, 3);
});

const rows = withServer(refused("23502", "column contains null values"), { locksSeen: "none" });
visit("what rows decide, and locks that nobody saw, are no contradiction", rows, async (playground, page) => {
  await playground.paste("ALTER TABLE t ALTER COLUMN a SET NOT NULL;\nDROP INDEX CONCURRENTLY i;\n");
  const seen = await run(playground);
  assert.deepEqual(
    seen.map(([label]) => label),
    ["unverifiable", "verified"],
  );
  const said = await page.locator(".verdicts").innerText();
  assert.match(said, /depends on the rows, which are made up here/);
  assert.match(said, /cannot be seen from one connection/);
});

visit("a phone is asked first", { viewport: phone }, async (playground, page) => {
  await playground.paste("DROP TABLE a;");
  await playground.view("Verify");
  await page.getByRole("button", { name: "Run on PostgreSQL 18" }).click();
  await page.getByText("may be much for this device").waitFor();
  await page.getByRole("button", { name: "Not now" }).click();
  await page.getByRole("button", { name: "Run on PostgreSQL 18" }).click();
  await page.getByRole("button", { name: "Fetch and run" }).click();
  await soon.deepEqual(() => results(playground), [["assumed", "DROP TABLE", "a ACCESS EXCLUSIVE"]]);
});

test("a server that cannot be fetched is a message", async () => {
  const playground = await open({ prepare: (page) => page.route("**/pglite*.wasm", (route) => route.abort()) });
  await playground.paste("SELECT 1;");
  await playground.view("Verify");
  await playground.page.getByRole("button", { name: "Run on PostgreSQL 18" }).click();
  await playground.page.getByRole("alert").getByText("PostgreSQL could not be fetched: Failed to fetch.").waitFor();
  await playground.page.getByRole("button", { name: "Run again" }).waitFor();
  await playground.close();
});

test("without a network a server that was never fetched is a message", async () => {
  const playground = await open({ locale: "en" });
  await playground.paste("SELECT 1;");
  await playground.view("Verify");
  await playground.page.context().setOffline(true);
  await playground.page.getByRole("button", { name: "Run on PostgreSQL 18" }).click();
  await playground.page.getByRole("alert").getByText("there is no network").waitFor();
  await playground.close();
});
