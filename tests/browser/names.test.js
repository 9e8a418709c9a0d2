/** What is known of names in the text, and names that fit while one types. */
import assert from "node:assert/strict";
import { violations, visits } from "./playground.js";
import { soon } from "./soon.js";

const { visit } = visits({ hash: "#new" });

const schema = `CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, "Age" int);
CREATE UNIQUE INDEX users_email ON users (lower(email));
CREATE VIEW mails AS SELECT email FROM users;
CREATE TYPE mood AS ENUM ('calm', 'keen');
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);
ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
CREATE SCHEMA audit;
CREATE TABLE audit.entries (at timestamptz, what text);
`;

/** Adds the schema beside the migration, and shows that again. */
async function withSchema(playground) {
  const { page } = playground;
  await page.locator(".files summary").click();
  await page.getByRole("button", { name: "Add the schema" }).click();
  await playground.pasteAtOnce(schema);
  await playground.settled();
  await page.getByRole("tab", { name: "migration.sql" }).click();
}

/** Where a word stands on the screen: the middle of its turn-th appearance in the editor. */
const placeOf = (page, word, turn = 0) =>
  page.locator(".cm-content").evaluate(
    (content, [word, turn]) => {
      const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
      let left = turn;
      while (walker.nextNode()) {
        const node = walker.currentNode;
        if (node.parentElement.closest(".lens")) continue;
        for (let at = node.data.indexOf(word); at >= 0; at = node.data.indexOf(word, at + 1)) {
          if (left-- > 0) continue;
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + word.length);
          const { x, y, width, height } = range.getBoundingClientRect();
          return { x: x + width / 2, y: y + height / 2 };
        }
      }
      throw new Error(`${word} is not there`);
    },
    [word, turn],
  );

const card = (page) => page.locator(".name-card");

/** The lines of the card of a word. */
async function about(page, word, turn) {
  await page.mouse.move(0, 0);
  await card(page).waitFor({ state: "detached" });
  const { x, y } = await placeOf(page, word, turn);
  await page.mouse.move(x, y);
  await card(page).waitFor();
  const lines = await card(page).locator("p, tr, li").allInnerTexts();
  return lines.map((it) => it.replace(/\s+/g, " ").trim());
}

const migration = `ALTER TABLE users ALTER COLUMN email DROP NOT NULL, ADD COLUMN nick text;
DROP INDEX users_email;
ALTER TABLE orders VALIDATE CONSTRAINT orders_user;
SELECT u.id AS one FROM audit.entries, users AS u;
ALTER TABLE bills ADD COLUMN paid boolean;
ALTER TABLE orders ADD COLUMN feels mood;
`;

visit("a table is shown with what the file makes of it", {}, async (playground, page) => {
  await withSchema(playground);
  await playground.pasteAtOnce(migration);
  await playground.settled();
  await soon.deepEqual(
    () => about(page, "users"),
    [
      "users table",
      "id bigint NOT NULL",
      "email text NOT NULL becomes text",
      "Age integer",
      "nick text added",
      "PRIMARY KEY (id)",
      "CREATE UNIQUE INDEX users_email ON public.users USING btree (lower(email)) not there afterwards",
      "line 1: ACCESS EXCLUSIVE, reads and writes wait",
      "line 2: ACCESS EXCLUSIVE, reads and writes wait",
      "line 3: ROW SHARE, only schema changes wait",
    ],
  );
});

visit("columns, indexes, constraints and types are shown too", {}, async (playground, page) => {
  await withSchema(playground);
  await playground.pasteAtOnce(migration);
  await playground.settled();
  const column = await about(page, "email");
  assert.deepEqual(column, ["email column of users", "text NOT NULL", "after this file: text"]);
  await soon.deepEqual(
    () => about(page, "users_email"),
    [
      "users_email index of users not there after this file",
      "CREATE UNIQUE INDEX users_email ON public.users USING btree (lower(email))",
    ],
  );
  await soon.deepEqual(
    () => about(page, "orders_user"),
    ["orders_user constraint of orders validated by this file", "FOREIGN KEY (user_id) REFERENCES users(id)"],
  );
  await soon.match(async () => (await about(page, "entries"))[0], /^audit\.entries table$/);
  await soon.deepEqual(async () => (await about(page, "u.id"))[0], "id column of users");
  await soon.deepEqual(() => about(page, "mood"), ["mood enum type", "'calm', 'keen'"]);
});

visit("of a table that no file creates the locks are known", {}, async (playground, page) => {
  await playground.pasteAtOnce(migration);
  await playground.settled();
  await soon.deepEqual(
    () => about(page, "bills"),
    [
      "bills",
      "No file here creates it, so what it holds is not known.",
      "line 5: ACCESS EXCLUSIVE, reads and writes wait",
    ],
  );
  await page.mouse.move(0, 0);
  await card(page).waitFor({ state: "detached" });
  const { x, y } = await placeOf(page, "DROP");
  await page.mouse.move(x, y);
  await page.waitForTimeout(600);
  await soon.equal(() => card(page).count(), 0, "a keyword is no name");
});

visit("a key shows what is known at the caret, and says it", {}, async (playground, page) => {
  await withSchema(playground);
  await playground.pasteAtOnce("DROP TABLE orders;");
  await playground.settled();
  await playground.editor.press("Control+Home");
  for (let step = 0; step < 13; step++) await page.keyboard.press("ArrowRight");
  // The editor takes an announcement back after 200 ms, so it is heard as a screen reader hears it: when it comes.
  await page.locator(".cm-announced").evaluate((region) => {
    globalThis.heard = [];
    const hear = () => globalThis.heard.push(region.textContent);
    new MutationObserver(hear).observe(region, { subtree: true, childList: true, characterData: true });
  });
  await page.keyboard.press("Control+i");
  await card(page).waitFor();
  await soon.match(
    () => page.evaluate(() => globalThis.heard.join("\n")),
    /orders table not there after this file; id bigint NOT NULL; /,
  );
  assert.deepEqual(await violations(page), []);
  await playground.screenshot("name-card");
  await page.keyboard.press("Escape");
  await card(page).waitFor({ state: "detached" });
});

visit("names in a revision of Alembic are those of its SQL", {}, async (playground, page) => {
  await withSchema(playground);
  await page.locator(".files summary").click();
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Open files" }).click();
  const lines = ["from alembic import op", "import sqlalchemy as sa", 'revision = "a1"', "down_revision = None", ""];
  const text = `${lines.join("\n")}\ndef upgrade():\n    op.alter_column("users", "email", nullable=True)\n`;
  await (await chooser).setFiles([{ name: "a1_mail.py", mimeType: "text/plain", buffer: Buffer.from(text) }]);
  await playground.lenses.first().waitFor();
  await soon.deepEqual(
    async () => (await about(page, "users")).slice(0, 3),
    ["users table", "id bigint NOT NULL", "email text"],
  );
  await soon.deepEqual(async () => (await about(page, "email")).slice(0, 2), ["email column of users", "text"]);
  await playground.editor.press("Control+End");
  await page.keyboard.type("    us", { delay: 20 });
  await page.waitForTimeout(500);
  await soon.equal(() => options(page).count(), 0, "SQL is not offered in Python");
});

visit("what the file itself makes is no news to anyone", {}, async (playground, page) => {
  await playground.pasteAtOnce("CREATE TABLE a (id int);\nALTER TABLE a ADD COLUMN b text;\n");
  await playground.settled();
  await soon.deepEqual(() => about(page, "a", 1), ["a table made by this file", "id integer", "b text"]);
});

const options = (page) => page.locator(".cm-tooltip-autocomplete li");

/** Types, and waits until a name is offered before all others; gives all of them. */
async function offered(page, text, first) {
  await page.keyboard.type(text, { delay: 20 });
  const labels = options(page).locator(".cm-completionLabel");
  await labels.filter({ hasText: new RegExp(`^${first}$`) }).waitFor();
  const all = await labels.allInnerTexts();
  assert.equal(all[0], first);
  // Keys that follow at once are for the text.
  await page.waitForTimeout(150);
  return all;
}

visit("columns of the tables in the statement are offered first", {}, async (playground, page) => {
  await withSchema(playground);
  await playground.editor.focus();
  await offered(page, "ALTER TABLE us", "users");
  await playground.screenshot("completion");
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await offered(page, " DROP COLUMN em", "email");
  await page.keyboard.press("Escape");
  await page.keyboard.type(";\n");
  await page.keyboard.insertText("SELECT  FROM orders AS o");
  for (let step = 0; step < " FROM orders AS o".length; step++) await page.keyboard.press("ArrowLeft");
  assert.deepEqual(await offered(page, "o.", "id"), ["id", "user_id"]);
});

visit("Enter makes a line unless something was chosen", {}, async (playground, page) => {
  await withSchema(playground);
  await playground.editor.focus();
  await offered(page, "drop table ord", "orders");
  await page.keyboard.press("Enter");
  await soon.deepEqual(() => page.locator(".editor .cm-line").allInnerTexts(), ["drop table ord", "\n"]);
});

visit("keywords come in the reader's case, and none in comments", {}, async (playground, page) => {
  await playground.editor.focus();
  await offered(page, "CREATE UNIQ", "UNIQUE");
  await page.keyboard.press("Escape");
  await offered(page, " ind", "index");
  await page.keyboard.press("Escape");
  await page.keyboard.type("\n-- uniq", { delay: 20 });
  await page.waitForTimeout(500);
  await soon.equal(() => options(page).count(), 0);
});

visit("Ctrl-Space offers names before anything is typed", {}, async (playground, page) => {
  await withSchema(playground);
  await playground.pasteAtOnce("DROP TABLE ;");
  await playground.settled();
  await playground.editor.press("Control+End");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Control+Space");
  await options(page).filter({ hasText: "audit.entries" }).waitFor();
  const labels = await options(page).locator(".cm-completionLabel").allInnerTexts();
  assert.deepEqual(labels, ["audit.entries", "mails", "orders", "users", "mood"]);
});

visit("a name that needs quotes gets them", {}, async (playground, page) => {
  await withSchema(playground);
  await playground.editor.focus();
  await offered(page, "ALTER TABLE users DROP Ag", "Age");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await soon.match(() => page.locator(".editor .cm-line").first().innerText(), /DROP "Age"$/);
});
