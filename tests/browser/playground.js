/** Drives the built page in a real Chromium. What tests know of the page's elements stands here. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { chromium } from "playwright-core";
import { serve } from "./serve.js";
import { patience } from "./soon.js";

export const dist = fileURLToPath(new URL("../../web/dist", import.meta.url));
const screenshots = fileURLToPath(new URL("../../target/screenshots", import.meta.url));
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What the browser says where a test allows no service worker. */
const blockedByUs = "Service Worker registration blocked by Playwright";

export const desktop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };
export const narrowest = { width: 320, height: 640 };

/** What can be asked of a page; anything else takes a context of its own. */
const ofPage = new Set(["viewport", "colorScheme", "reducedMotion", "forcedColors", "permissions"]);

/** Starts a server and a browser for one test file; `close` ends both. */
export async function start(host = {}) {
  if (!existsSync(executablePath))
    throw new Error(`no browser at ${executablePath}: install chromium, or set CHROMIUM`);
  if (!existsSync(`${dist}/index.html`)) throw new Error("web/dist is missing: run `npm run build` in web first");
  const server = await serve(dist, host);
  const browser = await chromium.launch({ executablePath, args: flags });
  const origin = server.url.slice(0, -1);
  // What a service worker fetches no test can intercept; the tests that want one allow it.
  const contextOf = (options) => browser.newContext({ serviceWorkers: "block", ...options });
  let shared;
  /** A page as a new visitor has it. One after the other they share a cache, for most of a visit is the same as the last. */
  const emptyPage = async (options, alone) => {
    if (alone || !Object.keys(options).every((it) => ofPage.has(it))) {
      const context = await contextOf(options);
      return { page: await context.newPage(), close: () => context.close() };
    }
    shared ??= await contextOf({});
    if (shared.pages().length > 0) return emptyPage(options, true);
    const { viewport = desktop, permissions = [], colorScheme, reducedMotion, forcedColors } = options;
    const page = await shared.newPage();
    await page.goto(`${server.url}favicon.svg`);
    await page.evaluate(() => localStorage.clear());
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion, forcedColors });
    await shared.grantPermissions(permissions, { origin });
    return {
      page,
      close: async () => {
        await shared.clearPermissions();
        await page.close();
      },
    };
  };
  const newPage = async (options, alone) => {
    const { page, close } = await emptyPage(options, alone);
    page.setDefaultTimeout(patience);
    const complaints = [];
    page.on("console", (message) => {
      const complains = message.type() === "error" || message.type() === "warning";
      if (complains && message.text() !== blockedByUs) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      if (!request.url().startsWith(server.url)) complaints.push(`request to ${request.url()}`);
    });
    return { page, complaints, close };
  };
  return {
    /** Opens the page as a new visitor. Whatever the browser complains about is collected in `complaints`. */
    async open({ hash = "", viewport = desktop, colorScheme = "light", prepare, ...options } = {}) {
      const { page, complaints, close } = await newPage({ viewport, colorScheme, ...options }, prepare !== undefined);
      await prepare?.(page);
      await page.goto(server.url + hash);
      await page.locator("[data-drawn] .cm-content").waitFor();
      return new Playground(page, complaints, close);
    },
    /** Opens any page of the site, as a new visitor. */
    async read(path, options) {
      const { page, complaints, close } = await newPage({ viewport: desktop, ...options });
      await page.goto(server.url + path);
      return { page, complaints, close };
    },
    /** From now on nothing can be fetched. */
    goOffline: () => server.close(),
    async close() {
      await browser.close();
      server.close();
    },
  };
}

/**
 * For one test file: a browser that all its tests share. `visit` is a test in which the page must not complain, and must
 * ask nobody but its own host; `open` is for a test that looks at complaints itself.
 */
export function visits(defaults = {}) {
  let site;
  before(async () => (site = await start()));
  after(() => site?.close());
  const open = (options) => site.open({ ...defaults, ...options });
  const visit = (name, options, steps) =>
    test(name, async () => {
      const playground = await open(options);
      await playground.settled();
      await steps(playground, playground.page);
      assert.deepEqual(playground.complaints, []);
      await playground.close();
    });
  /** A test of another page of the site. */
  const read = (name, path, options, steps) =>
    test(name, async () => {
      const { page, complaints, close } = await site.read(path, options);
      await steps(page);
      assert.deepEqual(complaints, []);
      await close();
    });
  return { open, visit, read };
}

/** Keeps a picture for whoever wants to look. */
export async function screenshot(page, name) {
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: `${screenshots}/${name}.png` });
}

class Playground {
  constructor(page, complaints, close) {
    this.page = page;
    this.complaints = complaints;
    /** Ends the visit. */
    this.close = close;
    this.editor = page.getByRole("textbox", { name: "SQL migration" });
    this.panel = page.locator(".panel");
    this.remarks = page.locator("li.remark");
    this.lenses = page.locator(".lens");
    this.status = page.getByRole("status");
    this.version = page.getByRole("combobox", { name: "PostgreSQL" });
  }

  /** Waits until the page shows the answer to what it holds now. */
  async settled() {
    await this.page.locator('[data-drawn] .panel[aria-busy="false"]').waitFor();
  }

  /** Types as a person does, key by key, so that the editor's own input handling takes part. */
  async type(sql) {
    await this.editor.focus();
    await this.page.keyboard.type(sql);
    await this.settled();
  }

  /** Puts a whole text into the clean page at once, as a paste does. */
  async paste(sql) {
    await this.editor.focus();
    await this.page.keyboard.insertText(sql);
    await this.settled();
  }

  /** The same by the paste event, which alone is quick for a long text. */
  async pasteAtOnce(sql) {
    await this.editor.evaluate((element, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, sql);
  }

  /** Shows a view: `Findings`, `Locks`, `Fix`, `Settings`. */
  async view(name) {
    await this.page.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
  }

  /**
   * Waits until the server in the page has run the text. The page gives it 10 s, which a machine that does much else may
   * not keep to: then it runs again.
   */
  async ran() {
    const late = this.page.locator(".verify .mistake", { hasText: "did not finish in 10 s" });
    const ended = this.page
      .locator(".verify h2", { hasText: /confirmed|otherwise/ })
      .or(this.page.locator(".verify .mistake"))
      .first();
    // Until it has begun, what is shown is the run before.
    await this.page.locator(".verify .note", { hasText: "the text has changed" }).waitFor({ state: "detached" });
    for (let turn = 1; turn <= 4; turn += 1) {
      await ended.waitFor({ timeout: 2 * patience });
      if (!(await late.isVisible())) return;
      await this.page.getByRole("button", { name: "Run again" }).click();
      await late.waitFor({ state: "detached" });
    }
  }

  /** The text of a table's cells, row by row. */
  cells(table) {
    return table
      .locator("tbody tr")
      .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
  }

  /** The configuration, line by line. */
  async config() {
    return (await this.page.locator(".small-editor .cm-line").allTextContents()).join("\n");
  }

  async choose(version) {
    await this.version.selectOption(String(version));
    await this.settled();
  }

  /** The remarks of one severity: `error`, `warning` or `info`. */
  of(severity) {
    return this.page.locator(`li.remark[data-severity="${severity}"]`);
  }

  selectedText() {
    return this.page.evaluate(() => String(getSelection()));
  }

  /** Is the focus inside of the editor? */
  editorHasFocus() {
    return this.page.evaluate(() => document.activeElement.closest(".editor") !== null);
  }

  screenshot(name) {
    return screenshot(this.page, name);
  }
}

/** The rules that look at colours. */
const ofColours = ["color-contrast", "link-in-text-block"];

/** One line for each element that breaks a rule; of the rules about colours alone, if only those have changed. */
export async function violations(page, { colours = false } = {}) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  const result = await page.evaluate(
    (values) => globalThis.axe.run(values.length > 0 ? { runOnly: { type: "rule", values } } : {}),
    colours ? ofColours : [],
  );
  return result.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`),
  );
}

/** What is wider than the screen, but for what scrolls by itself. */
export const overflow = (page) =>
  page.evaluate(() =>
    [...document.body.querySelectorAll("*")]
      .filter((it) => it.checkVisibility() && it.getBoundingClientRect().right > innerWidth + 1)
      .filter((it) => !it.closest(".wide-table table"))
      .map((it) => it.className || it.tagName),
  );
