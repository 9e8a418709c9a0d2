/** The hook, run by the real pre-commit in a scratch repository, with the package instead of the published one. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const precommit = process.env.PRE_COMMIT;
const archive = process.env.PACKAGE;
if (!precommit || !archive) throw new Error("PRE_COMMIT names the program pre-commit, PACKAGE the npm package");
const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "lockkeeper-hook-"));
after(() => rmSync(folder, { recursive: true }));
const [hook, project] = [join(folder, "hook"), join(folder, "project")];
const env = {
  ...process.env,
  PRE_COMMIT_HOME: join(folder, "home"),
  npm_config_audit: "false",
  npm_config_fund: "false",
  npm_config_offline: "true",
  GIT_CONFIG_GLOBAL: join(folder, "gitconfig"),
};

function run(cwd, program, ...args) {
  const done = spawnSync(program, args, { cwd, env, encoding: "utf8" });
  if (done.error) throw done.error;
  return { status: done.status, out: done.stdout + done.stderr };
}

const git = (cwd, ...args) => execFileSync("git", args, { cwd, env, stdio: "pipe" });

function write(path, text) {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
  git(project, "add", path);
}

/** Commits what is staged, by way of the hook. */
const commit = () => run(project, "git", "commit", "--message", "change");

before(() => {
  writeFileSync(join(folder, "gitconfig"), "[user]\nname = a\nemail = a@b\n[init]\ndefaultBranch = main\n");
  for (const path of [hook, project]) {
    mkdirSync(path);
    git(path, "init", "--quiet");
  }
  for (const name of [".pre-commit-hooks.yaml", "package.json"]) copyFileSync(join(root, name), join(hook, name));
  git(hook, "add", "--all");
  git(hook, "commit", "--quiet", "--message", "hook");
  git(hook, "tag", "v0.1.0");
  const hooks = `  hooks:\n  - id: lockkeeper\n    additional_dependencies: ["${archive}"]\n`;
  write(".pre-commit-config.yaml", `repos:\n- repo: ${hook}\n  rev: v0.1.0\n${hooks}`);
  write("db/0001_base.sql", "CREATE TABLE t (id bigint PRIMARY KEY, at date);\n");
  git(project, "commit", "--quiet", "--message", "base");
  assert.equal(run(project, precommit, "install").status, 0);
});

test("a dangerous migration is not committed, and its history is known", () => {
  write("db/0002_index.sql", "CREATE TABLE u (id bigint);\nCREATE INDEX u_id ON u (id);\nCREATE INDEX t_at ON t (at);\n");
  const { status, out } = commit();
  assert.equal(status, 1, out);
  assert.match(out, /db\/0002_index\.sql:3:1/);
  assert.match(out, /1 migration, 3 statements/);
});

test("what is staged counts, not what lies in the folder", () => {
  write("db/0002_index.sql", "CREATE INDEX CONCURRENTLY t_at ON t (at);\n");
  writeFileSync(join(project, "db/0002_index.sql"), "DROP TABLE t;\n");
  const { status, out } = commit();
  assert.equal(status, 0, out);
  git(project, "checkout", "--", ".");
});

test("what is no migration is passed over", () => {
  write("queries/report.sql", "SELECT * FROM t WHERE id = $1;\n");
  write("tool.py", "print('DROP TABLE t')\n");
  const { status, out } = commit();
  assert.equal(status, 0, out);
});

test("a range of commits is checked too", () => {
  write("db/0003_drop.sql", "DROP TABLE t;\n");
  git(project, "commit", "--quiet", "--no-verify", "--message", "drop");
  const { status, out } = run(project, precommit, "run", "--from-ref", "HEAD~1", "--to-ref", "HEAD");
  assert.equal(status, 1, out);
  assert.match(out, /table-dropped/);
});
