/** What a visitor does, in a real browser, with the real engine. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { visits } from "./playground.js";
import { soon } from "./soon.js";

const exampleIds = ["odds", "index", "concurrently", "foreign-key", "drop", "reindex", "mistake", "online"];

const ruleNames = readdirSync(new URL("../../rules", import.meta.url))
  .filter((file) => file.endsWith(".md") && file !== "README.md")
  .map((file) => file.slice(0, -".md".length));

const { visit } = visits();

visit("a new visitor sees a migration and what is wrong with it", {}, async (playground) => {
  const error = playground.of("error");
  await soon.equal(() => error.count(), 1);
  await soon.match(() => error.innerText(), /market_odds_history[^]*captured_at[^]*partition-key-missing-in-unique/);
  await soon.ok(async () => (await playground.of("warning").count()) >= 2, "the index and the dropped column");
  await soon.match(() => playground.status.innerText(), /^1 error, \d+ warnings$/);
  await soon.equal(() => playground.page.locator(".cm-lintRange-error").first().innerText(), "PRIMARY KEY (id)");
});

visit("typed SQL is underlined, listed and explained", { hash: "#new" }, async (playground) => {
  await soon.equal(() => playground.remarks.count(), 0);
  await playground.type("DROP TABLE customers;");
  await soon.equal(() => playground.remarks.count(), 1);
  await soon.match(() => playground.remarks.innerText(), /customers/);
  await playground.page.locator(".cm-lintRange").first().hover();
  const tooltip = playground.page.locator(".cm-tooltip-lint");
  await soon.match(() => tooltip.innerText(), /customers/);
  const message = await playground.remarks.locator(".message").innerText();
  await soon.equal(() => tooltip.locator(".message").innerText(), message);
});

visit("the version decides what is refused", { hash: "#example=foreign-key" }, async (playground) => {
  for (const version of [13, 14, 15, 16, 17]) {
    await playground.choose(version);
    await soon.equal(() => playground.of("error").count(), 1, `PostgreSQL ${version}`);
    await soon.match(() => playground.of("error").innerText(), /readings/);
  }
  await playground.choose(18);
  await soon.equal(() => playground.of("error").count(), 0);
});

visit("a finding leads to its place in the text", {}, async (playground) => {
  await playground.of("error").locator(".jump").click();
  await soon.equal(() => playground.selectedText(), "PRIMARY KEY (id)");
  await soon.ok(() => playground.editorHasFocus());
  await soon.equal(() => playground.of("error").locator(".jump").getAttribute("aria-current"), "true");
  await playground.of("error").locator(".label").first().click();
  await soon.match(() => playground.selectedText(), /captured_at/);
});

visit("the keyboard does it too", {}, async (playground) => {
  await playground.of("error").locator(".jump").focus();
  await playground.page.keyboard.press("Enter");
  await soon.equal(() => playground.selectedText(), "PRIMARY KEY (id)");
});

visit("F8 goes through the findings and round", {}, async (playground) => {
  const count = await playground.remarks.count();
  const seen = [];
  for (let press = 0; press <= count; press++) {
    await playground.page.keyboard.press("F8");
    seen.push(await playground.selectedText());
  }
  assert.equal(seen[0], "PRIMARY KEY (id)");
  assert.equal(new Set(seen).size, count);
  assert.equal(seen.at(-1), seen[0]);
  await playground.page.keyboard.press("Shift+F8");
  await soon.equal(() => playground.selectedText(), seen.at(-2));
});

/** Writes down how many lines the editor shows when the engine is sent a text. */
const watched = {
  hash: "#new",
  prepare: (page) =>
    page.addInitScript(() => {
      const { postMessage } = Worker.prototype;
      globalThis.lines = [];
      Worker.prototype.postMessage = function (message, ...others) {
        const [file] = message.set ?? [];
        if (file) globalThis.lines.push([file.text.split("\n").length, document.querySelectorAll(".cm-line").length]);
        return postMessage.call(this, message, ...others);
      };
    }),
};
visit("the engine hears of a change before the editor draws it", watched, async (playground, page) => {
  await playground.paste("SELECT 1;");
  // A key that comes while the engine still answers is sent after that answer, which may be after the drawing.
  const ahead = () => page.evaluate(() => globalThis.lines.some(([sent, shown]) => sent > shown));
  for (let key = 0; key < 20 && !(await ahead()); key++) {
    await page.keyboard.press("Enter");
    await playground.settled();
  }
  assert.ok(await ahead(), JSON.stringify(await page.evaluate(() => globalThis.lines)));
});

visit("above two thousand statements the rows wait to be asked for", { hash: "#new" }, async (playground, page) => {
  const text = "DROP TABLE t;\n".repeat(2_001);
  await playground.pasteAtOnce(text);
  await page.getByText("is not drawn under 2,001 statements").waitFor();
  await soon.equal(() => playground.lenses.count(), 0);
  await page.getByRole("button", { name: "Draw it" }).click();
  await playground.lenses.first().waitFor();
  await soon.equal(() => page.getByText("is not drawn under").count(), 0);
});

visit("two thousand statements have their rows", { hash: "#new" }, async (playground) => {
  await playground.pasteAtOnce("DROP TABLE t;\n".repeat(2_000));
  await playground.lenses.first().waitFor();
});

visit("the text and what to write instead have the colours of SQL", {}, async ({ page }) => {
  await page.locator(".cm-content .tok-keyword").first().waitFor();
  await page.locator(".remark .sql .tok-keyword").first().waitFor();
});

visit("Tab leaves the editor and changes nothing", {}, async (playground) => {
  await playground.editor.focus();
  const before = await playground.editor.innerText();
  await playground.page.keyboard.press("Tab");
  await soon.equal(() => playground.editorHasFocus(), false);
  await soon.equal(() => playground.editor.innerText(), before);
});

visit("a row under a statement says who waits", { hash: "#new" }, async (playground) => {
  await playground.type("CREATE INDEX orders_customer ON orders (customer_id);");
  await soon.match(() => playground.lenses.innerText(), /orders\s+SHARE\s+writes wait\s+builds orders_customer/);
});

visit("a new table locks nobody out", { hash: "#new" }, async (playground) => {
  await playground.type("CREATE TABLE t (id bigint PRIMARY KEY);");
  await playground.type("\nCREATE INDEX t_id ON t (id);");
  await soon.equal(() => playground.lenses.count(), 0);
  await soon.equal(() => playground.remarks.count(), 0);
  await soon.match(() => playground.panel.innerText(), /2 statements[^]*\d+ rules?[^]*PostgreSQL 17/);
});

visit("a syntax error costs one statement", { hash: "#example=mistake" }, async (playground) => {
  const error = playground.of("error");
  await soon.match(() => error.innerText(), /syntax error at or near "TABEL"/);
  await error.locator(".jump").click();
  await soon.equal(() => playground.selectedText(), "TABEL");
  await soon.match(() => playground.of("warning").innerText(), /parcels/);
});

visit("positions hold after characters of every width", { hash: "#new" }, async (playground) => {
  await playground.paste("DROP TABLE customers;");
  await playground.page.keyboard.press("F8");
  const selected = "customers";
  await soon.equal(() => playground.selectedText(), selected);
  await playground.page.keyboard.press("Control+Home");
  await playground.paste("SELECT 'ä 漢 🚂 e\u0301'; /* 🛶🛶 */ ");
  await playground.page.keyboard.press("F8");
  await soon.equal(() => playground.selectedText(), selected);
});

visit("hundreds of findings are listed in portions", { hash: "#new" }, async (playground) => {
  await playground.paste(Array.from({ length: 250 }, (_, number) => `DROP TABLE old_${number}; `).join(""));
  await soon.match(() => playground.status.innerText(), /^250 /);
  await soon.equal(() => playground.remarks.count(), 200);
  await playground.page.getByRole("button", { name: "Show 50 of 50 more" }).click();
  await soon.equal(() => playground.remarks.count(), 250);
});

visit("the way out can be copied", { permissions: ["clipboard-read", "clipboard-write"] }, async (playground) => {
  const way = playground.of("error").locator(".sql");
  await way.getByRole("button", { name: "Copy" }).click();
  await way.getByRole("button", { name: "Copied" }).waitFor();
  const copied = await playground.page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, await way.locator("pre").innerText());
  assert.match(copied, /\(id, captured_at\)/);
  const body = await playground.of("error").innerText();
  assert.equal(body.split(copied).length, 2, "the way out is said once");
});

visit("the rule's name opens its document", {}, async (playground) => {
  await playground.of("error").getByRole("link", { name: "partition-key-missing-in-unique" }).click();
  const dialog = playground.page.getByRole("dialog");
  await dialog.getByRole("heading", { name: "partition-key-missing-in-unique" }).waitFor();
  await playground.page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  // The dialog's `close` event, which clears the address, comes a moment after it is hidden.
  await playground.page.waitForURL((url) => url.hash === "");
  assert.equal(new URL(playground.page.url()).hash, "");
});

visit("every rule document can be read", {}, async (playground) => {
  assert.ok(ruleNames.length > 0);
  const dialog = playground.page.getByRole("dialog");
  for (const name of ruleNames) {
    await playground.page.evaluate((hash) => (location.hash = hash), `#rule=${name}`);
    await dialog.getByRole("heading", { name, exact: true }).waitFor();
    await soon.doesNotMatch(() => dialog.innerText(), /`|\*\*|\]\(/, `${name}: Markdown that the page does not know`);
  }
});

visit("an unknown rule in the address is named", { hash: "#rule=no-such-rule" }, async (playground) => {
  await playground.page.getByRole("dialog").getByText("There is no rule named no-such-rule.").waitFor();
});

visit("the reader's text is kept, and #new does not show it", { hash: "#new" }, async (playground) => {
  const { page } = playground;
  await playground.type("DROP TABLE mine;");
  assert.equal(new URL(page.url()).hash, "");
  await page.reload();
  await page.getByText("DROP TABLE mine;").waitFor();
  await page.getByRole("link", { name: "New" }).click();
  await page.getByText("Start here").waitFor();
  await page.reload();
  await page.getByText("Start here").waitFor();
  await page.goto(page.url().replace("#new", ""));
  await page.getByText("DROP TABLE mine;").waitFor();
});

visit("the chosen version is kept", {}, async (playground) => {
  await playground.choose(14);
  await playground.page.reload();
  await playground.settled();
  await soon.equal(() => playground.version.inputValue(), "14");
});

visit("a card brings an example, and undo takes it back", { hash: "#new" }, async (playground) => {
  await playground.type("SELECT 1;");
  await playground.page.evaluate(() => (location.hash = "#example=index"));
  await playground.page.getByText("CREATE INDEX orders_customer_id").first().waitFor();
  await playground.editor.focus();
  await playground.page.keyboard.press("Control+z");
  await playground.settled();
  await soon.equal(async () => (await playground.editor.innerText()).trim(), "SELECT 1;");
});

for (const id of exampleIds) {
  visit(`the example ${id} shows what it promises`, { hash: "#new" }, async (playground) => {
    await playground.page.locator(`.cards a[href="#example=${id}"]`).click();
    if (id === "online") {
      await playground.settled();
      await soon.equal(() => playground.remarks.count(), 0);
    } else {
      await playground.remarks.first().waitFor();
    }
  });
}

visit("the cards are the examples tested here", { hash: "#new" }, async (playground) => {
  const hrefs = await playground.page.locator(".cards a").evaluateAll((cards) => cards.map((it) => it.hash));
  assert.deepEqual(
    hrefs,
    exampleIds.map((id) => `#example=${id}`),
  );
});

visit("the colours follow the system until the reader chooses", { colorScheme: "dark" }, async (playground) => {
  const { page } = playground;
  const isDark = () =>
    page.evaluate(() => {
      const [red] = getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g);
      return Number(red) < 128;
    });
  await soon.equal(() => isDark(), true);
  await page.getByRole("button", { name: "Use light colours" }).click();
  await soon.equal(() => isDark(), false);
  await page.reload();
  await playground.settled();
  await soon.equal(() => isDark(), false);
  await page.getByRole("button", { name: "Use dark colours" }).click();
  await page.emulateMedia({ colorScheme: "light" });
  await soon.equal(() => isDark(), false);
});
