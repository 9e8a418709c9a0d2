/** The wheel, installed into an empty environment of Python, brings the native program. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

const { WHEEL: wheel, PYTHON: python } = process.env;
if (!wheel || !python) throw new Error("WHEEL names the wheel, PYTHON an interpreter");
const folder = mkdtempSync(join(tmpdir(), "lockkeeper-wheel-"));
after(() => rmSync(folder, { recursive: true }));

before(() => {
  execFileSync(python, ["-m", "venv", "--without-pip", folder]);
  execFileSync(python, ["-m", "pip", "--python", join(folder, "bin/python"), "install", "--quiet", "--no-index", wheel]);
});

test("the command is there and works", () => {
  const program = join(folder, "bin/lockkeeper");
  const done = spawnSync(program, ["check", "-", "--format", "json"], { input: "DROP TABLE t;\n", encoding: "utf8" });
  assert.equal(done.status, 1, done.stderr);
  assert.equal(JSON.parse(done.stdout).findings[0].rule, "table-dropped");
});
