/** The module says what the command line says, to the last byte offset. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Engine, onFolder, onSqlAlone, onText } from "./engines.js";

const versions = [13, 14, 15, 16, 17, 18];
const root = fileURLToPath(new URL("../..", import.meta.url));

/** Name and SQL blocks of each rule document, in their order, each with the tool that it is written for. */
const documents = readdirSync(join(root, "rules"))
  .filter((file) => file.endsWith(".md") && file !== "README.md")
  .map((file) => {
    const text = readFileSync(join(root, "rules", file), "utf8");
    const blocks = [...text.matchAll(/^```sql (?:setup|bad|good|fixed)\b(.*)\n([^]*?)^```$/gm)].map((match) => ({
      tool: / file=([a-z-]+)/.exec(match[1])?.[1],
      text: match[2],
    }));
    return { name: file.slice(0, -".md".length), blocks };
  });

const temporary = mkdtempSync(join(tmpdir(), "lockkeeper-equality-"));
after(() => rmSync(temporary, { recursive: true }));

/** Writes the files, a list of paths and texts, below a new folder. */
function folderOf(name, files) {
  const folder = join(temporary, name);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

// The files of one tool make a folder its own: what is written for another would be left alone there.
const files = documents.flatMap(({ name, blocks }) =>
  blocks.map(({ tool, text }, at) => [`${tool ? `${name}-${tool}` : name}/${at + 1}.sql`, text]),
);

test("every rule document as a history, on every version", () => {
  assert.ok(documents.length >= 20 && files.length >= 5 * documents.length, `${files.length} blocks`);
  const folder = folderOf("documents", files);
  for (const version of versions) {
    const { wasm, native } = onFolder(folder, files, version);
    assert.ok(native.check.findings.length >= documents.length, "there is something to compare");
    assert.ok(native.effects.statements.length >= files.length);
    assert.deepEqual(wasm, native, `PostgreSQL ${version}`);
  }
});

test("the engine that reads no Python says the same of SQL", () => {
  const [small, whole] = onSqlAlone(files, 17);
  assert.ok(whole.check.findings.length >= documents.length, "there is something to compare");
  assert.deepEqual(small, whole);
});

for (const { name, blocks } of documents) {
  test(`each block of ${name} by itself`, () => {
    for (const { text } of blocks) {
      const { wasm, native } = onText(text);
      assert.deepEqual(wasm, native, text);
    }
  });
}

const isSql = (path) => path.endsWith(".sql");
// Those that are written in Python have a test of their own on the command line.
const examples = readdirSync(join(root, "tests/examples"), { withFileTypes: true })
  .filter((it) => it.isDirectory())
  .filter((it) => readdirSync(join(root, "tests/examples", it.name), { recursive: true }).some(isSql));
for (const { name } of examples) {
  test(`the example ${name}, on every version`, () => {
    const folder = join(root, "tests/examples", name);
    const paths = readdirSync(folder, { recursive: true }).filter(isSql);
    const files = paths.map((path) => [path, readFileSync(join(folder, path), "utf8")]);
    for (const version of versions) {
      const { wasm, native } = onFolder(folder, files, version);
      assert.deepEqual(wasm, native, `PostgreSQL ${version}`);
    }
  });
}

const nested = (open, close, depth) =>
  `DROP TABLE a; SELECT ${open.repeat(depth)}1${close.repeat(depth)}; DROP TABLE b;`;
const odd = {
  nothing: "",
  "a byte order mark, carriage returns and wide characters": "\ufeffSELECT '🚂 漢';\r\nDROP TABLE \"ä\u0301\";\r\n",
  "a NUL byte": "DROP TABLE a;\0DROP TABLE b;",
  "commands of psql": "\\set x 1\nDROP TABLE :x;\n\\connect other\nCOPY t FROM stdin;\n1\t2\n\\.\nDROP TABLE b;",
  "the ways of migration tools": "-- migrate:up\nDROP TABLE a;\n-- migrate:down\nCREATE TABLE a (id int);\n",
  "an unfinished string": "DROP TABLE a; SELECT 'x; DROP TABLE b;",
  "a thousand failing parses": "ALTER TABEL t ADD x int;\n".repeat(1000),
  "types that the grammar copies and compares": `
    CREATE FUNCTION f() RETURNS TABLE (a numeric(3, 2)) LANGUAGE sql AS 'SELECT 1';
    CREATE AGGREGATE g (VARIADIC numeric(3, 2)[] ORDER BY VARIADIC numeric(3, 2)[]) (SFUNC = f, STYPE = int);
    CREATE AGGREGATE h (VARIADIC numeric(3, 2) ORDER BY VARIADIC numeric(3, 1)) (SFUNC = f, STYPE = int);`,
  "a thousand terms": `SELECT ${Array(1000).fill("'x'").join(" || ")}; DROP TABLE t;`,
  "a thousand unions": `${Array(1000).fill("SELECT 1").join(" UNION ALL ")}; DROP TABLE t;`,
};
for (const [name, text] of Object.entries(odd)) {
  test(name, () => {
    const { wasm, native } = onText(text);
    assert.deepEqual(wasm, native);
  });
}

test("a thousand failing parses leave the module as it was", () => {
  const engine = new Engine();
  const ask = (text) => {
    engine.set("a.sql", text);
    return engine.analyse({ report: ["a.sql"], want: ["check"] }).check;
  };
  const before = ask("DROP TABLE t;");
  for (let turn = 0; turn < 1000; turn++) assert.equal(ask(`ALTER TABEL t${turn};`).problems.length, 1);
  assert.deepEqual(ask("DROP TABLE t;"), before);
});

// Where the stack ends differs between machines, and so does the message. That it costs one statement does not.
for (const [open, close] of [
  ["(", ")"],
  ["f(", ")"],
  ["(SELECT ", ")"],
  ["NOT ", ""],
]) {
  test(`twenty thousand times "${open}" cost one statement`, () => {
    const { wasm, native } = onText(nested(open, close, 20_000));
    for (const { check, effects } of [wasm, native]) {
      assert.equal(check.problems.length, 1);
      assert.match(check.problems[0].message, /memory exhausted|stack depth limit exceeded/);
      assert.deepEqual(
        check.findings.map((it) => it.rule),
        ["table-dropped", "table-dropped"],
      );
      assert.deepEqual(
        effects.statements.map((it) => it.failure?.sqlstate ?? null),
        [null, "42601", null],
      );
    }
    assert.deepEqual(wasm.check.findings, native.check.findings);
  });
}

test("a request that is not understood throws an error that says why", () => {
  const engine = new Engine();
  engine.set("a.sql", "SELECT 1;");
  const ask = (fields) => () => engine.analyse({ report: ["a.sql"], want: ["check"], ...fields });
  assert.throws(
    ask({ want: ["taste"] }),
    /unknown variant `taste`, expected one of `check`, `effects`, `schema`, `ddl`/,
  );
  assert.throws(ask({ offsets: "lines" }), /expected `bytes` or `utf16`/);
  assert.throws(ask({ config: "postgre = 17" }), /lockkeeper\.toml:1:1: unknown field `postgre`/);
  assert.throws(ask({ postgres: 12 }), /12, which is not a version from 13 to 18/);
  assert.throws(ask({ report: ["b.sql"] }), /there is no file `b\.sql`/);
  assert.equal(ask({})().check.version, 1);
});
