/** The timeline: who waits, from which statement to which. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start } from "./playground.js";
import { soon } from "./soon.js";

const sql = `BEGIN;
ALTER TABLE orders ADD COLUMN note text;
CREATE INDEX orders_note ON orders (note);
COMMIT;
CREATE INDEX CONCURRENTLY payments_a ON payments (a);
`;

let site;
before(async () => (site = await start()));
after(() => site?.close());

const look = (name, text, steps) =>
  test(name, async () => {
    const playground = await site.open({ hash: "#new" });
    await playground.paste(text);
    await playground.view("Locks");
    await steps(playground, playground.page.locator(".lock-table"));
    assert.deepEqual(playground.complaints, []);
    await playground.close();
  });

const bars = (playground, row) =>
  playground.page
    .locator(".picture svg > g")
    .nth(row + 1)
    .locator(".bar");

look("a lock is held until its transaction ends", sql, async (playground, table) => {
  await soon.deepEqual(
    () => playground.cells(table),
    [
      ["2", "orders", "ACCESS EXCLUSIVE", "reads and writes wait", "line 4", "none"],
      ["3", "orders", "SHARE", "writes wait", "line 4", "builds orders_note"],
      [
        "5",
        "payments",
        "SHARE UPDATE EXCLUSIVE",
        "only schema changes wait",
        "the statement ends",
        "builds payments_a",
      ],
    ],
  );
  await soon.match(
    () => playground.page.locator(".verdict").innerText(),
    /orders is closed to reads and writes from line 2 to the end of the transaction, line 4: ≈ 1 s/,
  );
  await soon.equal(() => bars(playground, 0).count(), 1, "the weaker lock hides behind the stronger");
  await soon.equal(() => bars(playground, 0).getAttribute("data-blocks"), "reads and writes");
});

look("statements that commit by themselves let go at once", sql, async (playground, table) => {
  await playground.page.getByLabel("every statement commits by itself").check();
  const [first] = await playground.cells(table);
  assert.equal(first[4], "the statement ends");
  await soon.equal(() => bars(playground, 0).count(), 2);
});

look("more rows, more time, but only for work that grows", sql, async (playground) => {
  const verdict = playground.page.locator(".verdict");
  await playground.page.getByRole("slider").fill("9");
  await soon.match(() => verdict.innerText(), /≈ 17 min/);
  await playground.page.getByLabel("every statement commits by itself").check();
  await soon.match(() => verdict.innerText(), /closed to writes while line 3 runs: ≈ 17 min/);
});

look("behind a waiting statement everybody waits", sql, async (playground, table) => {
  const queue = playground.page.locator(".picture .queue");
  await soon.equal(() => queue.count(), 0);
  await playground.page.getByLabel("already running").selectOption("report");
  await soon.equal(() => queue.getAttribute("data-blocks"), "reads and writes");
  await soon.match(() => playground.page.locator(".verdict").innerText(), /Line 2 waits[^]*for ≈ 30 s/);
  await playground.page.getByLabel("lock_timeout").selectOption("2");
  await soon.match(() => playground.page.locator(".verdict").innerText(), /gives up after ≈ 2 s \(55P03\)/);
  const held = (await playground.cells(table)).map((cells) => cells[4]);
  assert.deepEqual(held, ["gives up (55P03)", "never runs", "never runs"]);
});

look("a written lock_timeout is the one assumed", `SET lock_timeout = '5s';\n${sql}`, async (playground) => {
  await playground.page.getByLabel("already running").selectOption("report");
  await soon.equal(() => playground.page.getByLabel("lock_timeout").inputValue(), "5");
});

look("a report does not stop an index, a writer does", "CREATE INDEX i ON t (a);", async (playground) => {
  const queue = playground.page.locator(".picture .queue");
  await playground.page.getByLabel("already running").selectOption("report");
  await soon.equal(() => queue.count(), 0);
  await playground.page.getByLabel("already running").selectOption("writer");
  await soon.equal(() => queue.getAttribute("data-blocks"), "writes");
});

look("a column of the picture leads to its statement", sql, async (playground) => {
  const target = playground.page.locator(".picture .target").nth(2);
  await target.hover();
  await soon.equal(
    () => playground.page.locator(".cm-pointed").innerText(),
    "CREATE INDEX orders_note ON orders (note);",
  );
  await target.click();
  await soon.equal(() => playground.selectedText(), "CREATE INDEX orders_note ON orders (note)");
});

look("the keyboard does it from the table", sql, async (playground) => {
  await playground.page.getByRole("button", { name: "Line 3, CREATE INDEX" }).focus();
  await soon.equal(() => playground.page.locator(".cm-pointed").count(), 1);
  await playground.page.keyboard.press("Enter");
  await soon.equal(() => playground.selectedText(), "CREATE INDEX orders_note ON orders (note)");
});

look("a new table has no gate", "CREATE TABLE t (id int);", async (playground) => {
  await soon.match(() => playground.panel.innerText(), /No gate is closed/);
});
