/** Links to what the page shows, the report, and the page in a frame. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { encodeLink } from "./engine.js";
import { visits } from "./playground.js";
import { soon } from "./soon.js";

const { open, visit } = visits({
  hash: "#new",
  permissions: ["clipboard-read", "clipboard-write"],
});

/** Links that were made once: whatever changes, they must show what they showed. */
const frozen = {
  index: "1Y2QF00yMguy2KB4jNVQA",
  history:
    "1Y2QF00yMfMxy0FYuF7hZqptSlF9QkJoCa_NysbCCMkwxKyMjG5Ip7O4okZyfkgKOEqh9OgqohYYmai0MrXdB9S0Xm3BKkr6Bg" +
    "YFRfHrR4W2H56eCTbfQ1VX4MH_2Ni7ckQmyEhSqoPgC2w42DgA",
};

const dialogOf = (page) => page.getByRole("dialog", { name: "Share" });
const copied = (page) => page.evaluate(() => navigator.clipboard.readText());
async function linkOf(page) {
  const field = dialogOf(page).getByLabel("Link to this page");
  await soon.match(() => field.inputValue(), /#/);
  return field.inputValue();
}

async function share(page) {
  await page.getByRole("button", { name: "Share" }).click();
  await dialogOf(page).getByRole("heading", { name: "Link" }).waitFor();
}

visit("a link brings back files, version, settings and view", {}, async (playground, page) => {
  await playground.paste("DROP TABLE customers;");
  await playground.choose(14);
  await playground.view("Settings");
  await page.getByLabel("lockkeeper.toml").fill('[rules]\ntable-dropped = "error"\n');
  await playground.view("Locks");
  await playground.settled();
  await share(page);
  const link = await linkOf(page);
  assert.match(new URL(link).hash, /^#1[\w-]+$/, "letters that no program rewrites");
  assert.equal(page.url(), link, "the address is the link");

  const other = await open({ hash: new URL(link).hash });
  await other.page.getByRole("tab", { name: "Locks", selected: true }).waitFor();
  await other.settled();
  await soon.equal(() => other.version.inputValue(), "14");
  await other.view("Findings");
  await soon.match(() => other.of("error").innerText(), /customers[^]*table-dropped/);
  assert.deepEqual(other.complaints, []);
  await other.close();
});

visit("a link made long ago still opens", { hash: `#${frozen.index}` }, async (playground, page) => {
  await page.getByText("CREATE INDEX").first().waitFor();
  await playground.settled();
  await soon.match(() => playground.remarks.innerText(), /orders[^]*index-built-under-lock/);
});

visit("and so does one of several files", { hash: `#${frozen.history}` }, async (playground, page) => {
  await page.getByRole("tab", { name: "0002_größe.sql", selected: true }).waitFor();
  await page.getByRole("tab", { name: "Locks", selected: true }).waitFor();
  await soon.equal(() => playground.version.inputValue(), "14");
  await playground.view("Findings");
  await playground.settled();
  await soon.match(() => playground.remarks.innerText(), /concurrently-on-partitioned/);
});

visit("what a link brings is not kept", { hash: `#${frozen.history}` }, async (playground, page) => {
  await page.getByRole("tab", { name: "0002_größe.sql" }).waitFor();
  await page.goto(page.url().split("#")[0] + "#new");
  await page.reload();
  await playground.settled();
  await soon.equal(() => playground.version.inputValue(), "17");
});

visit("an edit leaves the link behind", { hash: `#${frozen.index}` }, async (playground, page) => {
  await page.getByText("CREATE INDEX").first().waitFor();
  await playground.editor.focus();
  await page.keyboard.type("-- ");
  await playground.settled();
  assert.equal(new URL(page.url()).hash, "");
});

for (const [tool, says] of [
  ["0.0.9+3.0.1", "made with Lockkeeper 0.0.9, which found 3 errors, 1 note; this is 0.1.0, which finds 1 warning."],
  ["0.0.9+0.1.0", "made with Lockkeeper 0.0.9; this is 0.1.0, which finds the same."],
  ["0.0.9", "made with Lockkeeper 0.0.9; this is 0.1.0, which may find something else."],
]) {
  const files = [{ path: "migration.sql", text: "DROP TABLE customers;" }];
  const letters = encodeLink({ files, shown: 0, postgres: 17, config: "", view: null, tool });
  visit(
    `a link of another version says what that found: ${tool}`,
    { hash: `#${letters}` },
    async (playground, page) => {
      await page.getByText(says).waitFor();
    },
  );
}

for (const [letters, reason] of [
  ["1Y2QF00yMguy2KB4jN", "damaged"],
  ["9Y2QF00yMguy2KB4jNVQA", "newer version"],
]) {
  visit(`a link that cannot be read says why: ${reason}`, { hash: `#${letters}` }, async (playground, page) => {
    await soon.match(() => page.getByRole("alert").innerText(), new RegExp(`cannot be opened[^]*${reason}`));
    await page.getByText("Start here").waitFor();
  });
}

const twoRules = `${"SELECT 1;\n".repeat(60)}DROP TABLE a;\nCREATE INDEX i ON b (x);\n`;

visit("a link leads to the findings of one rule", {}, async (playground, page) => {
  await playground.pasteAtOnce(twoRules);
  await playground.settled();
  await share(page);
  const whole = new URL(await linkOf(page)).hash;
  await page.keyboard.press("Escape");

  const other = await open({ hash: `${whole}&rule=index-built-under-lock` });
  await other.page.getByText("Only index-built-under-lock: 1 of 2 findings.").waitFor();
  await soon.match(() => other.remarks.innerText(), /index-built-under-lock/);
  await other.page.getByText("CREATE INDEX i ON b (x);").waitFor();
  await soon.equal(() => other.selectedText(), "", "the focus stays where it was");
  await soon.equal(() => other.page.locator(".jump[aria-current]").count(), 1, "the finding is that at the caret");
  await share(other.page);
  await soon.equal(async () => new URL(await linkOf(other.page)).hash, `${whole}&rule=index-built-under-lock`);
  assert.equal(new URL(other.page.url()).hash, `${whole}&rule=index-built-under-lock`);
  await soon.match(
    () => dialogOf(other.page).getByLabel("HTML for another page").inputValue(),
    /embed\.html#1[\w-]+&amp;rule=index-built-under-lock"/,
  );
  await other.page.keyboard.press("Escape");
  await other.page.getByRole("button", { name: "Show all" }).click();
  await soon.equal(() => other.remarks.count(), 2);
  await share(other.page);
  await soon.equal(async () => new URL(await linkOf(other.page)).hash, whole);
  assert.deepEqual(other.complaints, []);
  await other.close();
});

visit(
  "a rule that says nothing hides nothing",
  { hash: "#example=index&rule=table-dropped" },
  async (playground, page) => {
    await soon.ok(async () => (await playground.remarks.count()) > 0);
    await soon.equal(() => page.getByText(/^Only /).count(), 0);
  },
);

visit("Ctrl-S shares, Escape closes", {}, async (playground, page) => {
  await playground.paste("SELECT 1;");
  await page.keyboard.press("Control+s");
  await dialogOf(page).getByRole("button", { name: "Copy", exact: true }).first().click();
  await dialogOf(page).getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await copied(page), await linkOf(page));
  await page.keyboard.press("Escape");
  await dialogOf(page).waitFor({ state: "hidden" });
});

visit("the report is Markdown", { hash: "" }, async (playground, page) => {
  await share(page);
  await dialogOf(page).getByRole("button", { name: "Copy Markdown" }).click();
  await dialogOf(page).getByRole("button", { name: "Copied" }).waitFor();
  const report = await copied(page);
  assert.match(report, /^## Lockkeeper\n\n/);
  assert.match(report, /### `migration.sql`\n\n\*\*🛑 error\*\* in line 10: /);
  assert.match(report, /`partition-key-missing-in-unique`[^]*Instead:\n\n```sql\nPRIMARY KEY \(id, captured_at\)\n```/);
});

visit("a text too long for a link is no link", {}, async (playground, page) => {
  let seed = 1;
  const noise = Array.from({ length: 4000 }, () => ((seed = (seed * 48271) % 2147483647), seed.toString(36)));
  await playground.paste(`-- ${noise.join(" ")}`);
  await share(page);
  await soon.match(() => dialogOf(page).innerText(), /many programs cut\s+off/);
  assert.equal(new URL(page.url()).hash, "");
});

visit("what is too long for a link is saved and opened", {}, async (playground, page) => {
  await playground.paste("DROP TABLE customers;");
  await playground.choose(14);
  await share(page);
  const download = page.waitForEvent("download");
  await dialogOf(page).getByRole("button", { name: "Save as a file" }).click();
  const saved = await download;
  assert.equal(saved.suggestedFilename(), "migrations.lockkeeper.json");
  const path = await saved.path();

  const other = await open();
  const chooser = other.page.waitForEvent("filechooser");
  await other.page.getByRole("button", { name: "Choose files" }).click();
  const name = saved.suggestedFilename();
  await (await chooser).setFiles([{ name, mimeType: "application/json", buffer: readFileSync(path) }]);
  await other.remarks.first().waitFor();
  await soon.match(() => other.remarks.innerText(), /customers/);
  await soon.equal(() => other.version.inputValue(), "14");
  assert.deepEqual(other.complaints, []);
  await other.close();
});

visit(
  "the page in a frame has no header and keeps nothing",
  { hash: `embed.html#${frozen.index}` },
  async (playground, page) => {
    await page.getByText("CREATE INDEX").first().waitFor();
    await playground.settled();
    await soon.equal(() => page.locator("header").count(), 0);
    await soon.equal(() => playground.remarks.count(), 1);
    await playground.editor.focus();
    await page.keyboard.type("-- ");
    await playground.settled();
    await soon.equal(() => page.evaluate(() => localStorage.length), 0);
    const whole = page.context().waitForEvent("page");
    await page.getByRole("link", { name: "Open in Lockkeeper" }).click();
    const opened = await whole;
    await opened.getByText("-- CREATE INDEX").first().waitFor();
    await soon.ok(async () => (await opened.locator("header").count()) === 1);
    await opened.close();
  },
);
