/** The package, installed as a user would, does what the native program does: same output, same exit status. */
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const native = process.env.LOCKKEEPER ?? fail("LOCKKEEPER names the native program");
const archive = process.env.PACKAGE ?? fail("PACKAGE names the archive: `cargo xtask npm` makes it");
const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "lockkeeper-npm-"));
const project = join(folder, "project");
const program = join(folder, "user/node_modules/.bin/lockkeeper");
after(() => rmSync(folder, { recursive: true }));

function fail(why) {
  throw new Error(why);
}

function write(path, text) {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}

function git(...args) {
  const who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"];
  execFileSync("git", [...who, ...args], { cwd: project, stdio: "ignore" });
}

before(() => {
  mkdirSync(join(folder, "user"));
  writeFileSync(join(folder, "user/package.json"), "{}");
  const install = ["install", "--no-audit", "--no-fund", "--silent", "--offline", archive];
  execFileSync("npm", install, { cwd: join(folder, "user"), stdio: "inherit" });
  // A repository with examples, what is ignored, and a branch that adds something.
  mkdirSync(project);
  cpSync(join(root, "tests/examples"), join(project, "examples"), { recursive: true });
  write(".gitignore", "ignored/\n*.tmp.sql\n");
  write("ignored/0001_a.sql", "DROP TABLE a;\n");
  write("db/0001_base.sql", "CREATE TABLE t (id bigint PRIMARY KEY, at date);\n");
  write("db/0002_odd.sql", "\ufeffSELECT '🚂';\r\nALTER TABEL t;\r\nDROP TABLE \"ä\";\r\n");
  write("db/0003_x.tmp.sql", "DROP TABLE t;\n");
  write("alembic/versions/1_a.py", 'revision = "a"\ndown_revision = None\ndef upgrade():\n    op.drop_table("t")\n');
  write("lockkeeper.toml", "postgres = 16\n");
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "-m", "base");
  git("checkout", "--quiet", "-b", "work");
  write("db/0004_index.sql", "CREATE INDEX t_at ON t (at);\n");
  write("db/0005_drop.sql", "DROP TABLE t;\n");
  git("add", "db/0004_index.sql");
});

function run(command, line, options = {}) {
  const { cwd = project, ...others } = options;
  const env = { ...process.env, NO_COLOR: "", ...others.env };
  const done = spawnSync(command, line.split(" "), { cwd, ...others, env, encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.error) throw done.error;
  return { status: done.status, out: done.stdout, err: done.stderr };
}

const lines = [
  "check",
  "check db --format json",
  "check examples/odds/0008_market_odds_history.sql --format sarif",
  "check db/0004_index.sql --pg 13 --color always",
  "check --since main --format github",
  "check --staged --format markdown",
  "check alembic --explain-sources",
  "check db --select table-dropped --fail-on never --format json=out.json --format junit",
  "check db --no-history --format gitlab",
  "check no/such/file.sql",
  "check --since nowhere",
  "check --config no.toml",
  "check --nonsense",
  "check ../user",
  "effects examples/odds --format json",
  "effects db",
  "schema examples/odds",
  "sql alembic --format json",
  "explain index-built-under-lock",
  "rules --format json",
  "comment --dry-run --since main --playground https://play.example",
  "--version",
];
for (const line of lines) {
  test(`lockkeeper ${line}`, () => {
    assert.deepEqual(run(program, line), run(native, line));
  });
}

test("standard input, with the earlier files of its folder as context", () => {
  const options = { input: "CREATE INDEX i ON t (at);\nCREATE INDEX j ON nothing (at);\n" };
  for (const line of ["check -", "check - --stdin-filename db/0006_new.sql --format json", "effects - --format json"]) {
    assert.deepEqual(run(program, line, options), run(native, line, options), line);
  }
});

test("a file is written, and accepted findings are left out", () => {
  assert.equal(run(program, "check db --write-baseline accepted.txt").status, 0);
  const text = readFileSync(join(project, "accepted.txt"), "utf8");
  run(native, "check db --write-baseline accepted.txt");
  assert.equal(readFileSync(join(project, "accepted.txt"), "utf8"), text);
  assert.equal(run(program, "check db --baseline accepted.txt").status, 0);
});

test("deeply nested SQL costs one statement, as natively", () => {
  for (const input of [
    `SELECT ${Array(1000).fill("'x'").join(" || ")}; DROP TABLE t;`,
    `DROP TABLE a; SELECT ${"(".repeat(20_000)}1${")".repeat(20_000)}; DROP TABLE b;`,
  ]) {
    const [ours, theirs] = [program, native].map((it) => run(it, "check - --format json", { input }));
    assert.deepEqual(JSON.parse(ours.out).findings, JSON.parse(theirs.out).findings);
  }
});

test("a command that is not there says where it is", () => {
  const { status, err } = run(program, "lsp");
  assert.equal(status, 2);
  assert.match(err, /`lsp`.* are in the native program/);
});

test("a reader that goes away is no failure", () => {
  const done = spawnSync("bash", ["-c", `set -o pipefail; '${program}' rules --format json | head -c 10`]);
  assert.equal(done.status, 0);
});

test("a comment is sent", async () => {
  const seen = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (data) => (body += data));
    request.on("end", () => {
      seen.push({ line: `${request.method} ${request.url.split("?")[0]}`, body, token: request.headers.authorization });
      const pull = { head: { sha: "1".repeat(40) }, base: { sha: "0".repeat(40) } };
      const files = [{ filename: "db/0004_index.sql", patch: "@@ -0,0 +1 @@\n+CREATE INDEX t_at ON t (at);" }];
      const answers = { "/repos/a/b/pulls/7": pull, "/repos/a/b/pulls/7/files": files };
      response.end(JSON.stringify(answers[request.url.split("?")[0]] ?? []));
    });
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const env = { ...process.env, GITHUB_TOKEN: "secret", GITHUB_API_URL: `http://127.0.0.1:${server.address().port}` };
  const line = ["comment", "db/0004_index.sql", "--forge", "github", "--project", "a/b", "--change", "7"];
  const child = spawn(program, line, { cwd: project, env, stdio: ["ignore", "ignore", "inherit"] });
  assert.equal(await new Promise((done) => child.on("exit", done)), 0);
  server.close();
  assert.deepEqual(
    seen.filter((it) => it.line.startsWith("POST")).map((it) => it.line),
    ["POST /repos/a/b/pulls/7/reviews", "POST /repos/a/b/issues/7/comments"],
  );
  assert.ok(seen.every((it) => it.token === "Bearer secret"));
});
