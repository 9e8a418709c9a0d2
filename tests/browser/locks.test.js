/** The timeline: who waits, from which statement to which. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start } from "./playground.js";

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
  assert.deepEqual(await playground.cells(table), [
    ["2", "orders", "ACCESS EXCLUSIVE", "reads and writes wait", "line 4", "none"],
    ["3", "orders", "SHARE", "writes wait", "line 4", "builds orders_note"],
    ["5", "payments", "SHARE UPDATE EXCLUSIVE", "only schema changes wait", "the statement ends", "builds payments_a"],
  ]);
  assert.match(
    await playground.page.locator(".verdict").innerText(),
    /orders is closed to reads and writes from line 2 to the end of the transaction, line 4: ≈ 1 s/,
  );
  assert.equal(await bars(playground, 0).count(), 1, "the weaker lock hides behind the stronger");
  assert.equal(await bars(playground, 0).getAttribute("data-blocks"), "reads and writes");
});

look("statements that commit by themselves let go at once", sql, async (playground, table) => {
  await playground.page.getByLabel("every statement commits by itself").check();
  const [first] = await playground.cells(table);
  assert.equal(first[4], "the statement ends");
  assert.equal(await bars(playground, 0).count(), 2);
});

look("more rows, more time, but only for work that grows", sql, async (playground) => {
  const verdict = playground.page.locator(".verdict");
  await playground.page.getByRole("slider").fill("9");
  assert.match(await verdict.innerText(), /≈ 17 min/);
  await playground.page.getByLabel("every statement commits by itself").check();
  assert.match(await verdict.innerText(), /closed to writes while line 3 runs: ≈ 17 min/);
});

look("behind a waiting statement everybody waits", sql, async (playground, table) => {
  const queue = playground.page.locator(".picture .queue");
  assert.equal(await queue.count(), 0);
  await playground.page.getByLabel("already running").selectOption("report");
  assert.equal(await queue.getAttribute("data-blocks"), "reads and writes");
  assert.match(await playground.page.locator(".verdict").innerText(), /Line 2 waits[^]*for ≈ 30 s/);
  await playground.page.getByLabel("lock_timeout").selectOption("2");
  assert.match(await playground.page.locator(".verdict").innerText(), /gives up after ≈ 2 s \(55P03\)/);
  const held = (await playground.cells(table)).map((cells) => cells[4]);
  assert.deepEqual(held, ["gives up (55P03)", "never runs", "never runs"]);
});

look("a written lock_timeout is the one assumed", `SET lock_timeout = '5s';\n${sql}`, async (playground) => {
  await playground.page.getByLabel("already running").selectOption("report");
  assert.equal(await playground.page.getByLabel("lock_timeout").inputValue(), "5");
});

look("a report does not stop an index, a writer does", "CREATE INDEX i ON t (a);", async (playground) => {
  const queue = playground.page.locator(".picture .queue");
  await playground.page.getByLabel("already running").selectOption("report");
  assert.equal(await queue.count(), 0);
  await playground.page.getByLabel("already running").selectOption("writer");
  assert.equal(await queue.getAttribute("data-blocks"), "writes");
});

look("a column of the picture leads to its statement", sql, async (playground) => {
  const target = playground.page.locator(".picture .target").nth(2);
  await target.hover();
  assert.equal(await playground.page.locator(".cm-pointed").innerText(), "CREATE INDEX orders_note ON orders (note);");
  await target.click();
  assert.equal(await playground.selectedText(), "CREATE INDEX orders_note ON orders (note)");
});

look("the keyboard does it from the table", sql, async (playground) => {
  await playground.page.getByRole("button", { name: "Line 3, CREATE INDEX" }).focus();
  assert.equal(await playground.page.locator(".cm-pointed").count(), 1);
  await playground.page.keyboard.press("Enter");
  assert.equal(await playground.selectedText(), "CREATE INDEX orders_note ON orders (note)");
});

look("a new table has no gate", "CREATE TABLE t (id int);", async (playground) => {
  assert.match(await playground.panel.innerText(), /No gate is closed/);
});
