/**
 * What the program needs of the machine, each function as `crates/node/src/host.rs` declares it. Paths are written with
 * `/` on that side; on Windows `C:\a` is `/C:/a` there.
 */
"use strict";

const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const tty = require("node:tty");
const { MessageChannel, parentPort, receiveMessageOnPort } = require("node:worker_threads");

const windows = process.platform === "win32";

/** A path of the system for one of the program. */
const system = (name) => (windows ? name.replace(/^\/([A-Za-z]:)/, "$1") : name);

/** A path of the program for one of the system. */
const ours = (name) => (windows ? name.replaceAll("\\", "/").replace(/^([A-Za-z]:)/, "/$1") : name);

/** An argument, which may be a path. */
exports.argument = (text) => (windows && !text.startsWith("-") ? ours(text) : text);

exports.readFile = (name) => fs.readFileSync(system(name));

exports.writeFile = (name, bytes) => fs.writeFileSync(system(name), bytes);

exports.makeFolder = (name) => void fs.mkdirSync(system(name), { recursive: true });

exports.kind = (name) => (fs.statSync(system(name)).isDirectory() ? "d" : "f");

exports.list = (name) =>
  fs.readdirSync(system(name), { withFileTypes: true }).map((entry) => letter(name, entry) + entry.name);

function letter(folder, entry) {
  if (entry.isDirectory()) return "d";
  if (entry.isFile()) return "f";
  if (!entry.isSymbolicLink()) return "o";
  const target = fs.statSync(path.join(system(folder), entry.name), { throwIfNoEntry: false });
  return target?.isFile() ? "f" : "o";
}

exports.readInput = () => {
  const chunks = [];
  const chunk = Buffer.alloc(1 << 16);
  for (;;) {
    const count = patiently(() => fs.readSync(0, chunk));
    if (count === 0) return Buffer.concat(chunks);
    chunks.push(Buffer.from(chunk.subarray(0, count)));
  }
};

exports.writeOut = (bytes) => write(1, bytes);

exports.writeError = (text) => {
  try {
    write(2, Buffer.from(text));
  } catch {
    // Without standard error there is nowhere to say so.
  }
};

function write(stream, bytes) {
  for (let at = 0; at < bytes.length; ) at += patiently(() => fs.writeSync(stream, bytes, at));
}

/** Tries again while a stream of the shell is not ready. */
function patiently(work) {
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (error.code === "EOF") return 0;
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

exports.variable = (name) => process.env[name];

exports.isTerminal = () => tty.isatty(1);

exports.git = (folder, args) => {
  // Whatever the user's settings are, the output is the same: no optional locks, no colours, no pager.
  const all = ["-C", system(folder), "-c", "core.quotePath=false", "--no-optional-locks", ...args];
  const env = { ...process.env, LC_ALL: "C" };
  const run = spawnSync("git", all, { env, stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 30, windowsHide: true });
  if (run.error) throw run.error;
  const out = windows && args.includes("--show-toplevel") ? Buffer.from(ours(run.stdout.toString())) : run.stdout;
  return [run.status ?? -1, out, run.stderr];
};

/** Asks the main thread, which can wait for an answer, and sleeps until it is there. */
exports.http = (method, url, pairs, body) => {
  const headers = [];
  for (let at = 0; at < pairs.length; at += 2) headers.push([pairs[at], pairs[at + 1]]);
  const { port1, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  parentPort.postMessage({ request: { method, url, headers, body }, port: port2, signal }, [port2]);
  Atomics.wait(signal, 0, 0);
  const { message } = receiveMessageOnPort(port1);
  port1.close();
  if (message.error) throw new Error(message.error);
  return [message.status, message.body];
};

exports.currentFolder = () => ours(process.cwd());

exports.elapsed = () => performance.now();
