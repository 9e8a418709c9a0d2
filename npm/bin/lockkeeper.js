#!/usr/bin/env node
/**
 * The command `lockkeeper`. The program runs in a worker, for two reasons: a worker can be given the stack that deeply
 * nested SQL needs, and this thread stays free to wait for answers over HTTP.
 */
"use strict";

const path = require("node:path");
const { Worker } = require("node:worker_threads");

/** In megabytes; a native program has 8. */
const STACK = 32;

const worker = new Worker(path.join(__dirname, "..", "worker.js"), {
  argv: process.argv.slice(2),
  resourceLimits: { stackSizeMb: STACK, maxOldGenerationSizeMb: 4096 },
  stdin: false,
});
worker.on("message", answer);
worker.on("error", (error) => {
  process.stderr.write(`error: lockkeeper failed: ${error.message}\n`);
  process.exitCode = 101;
});
worker.on("exit", (status) => (process.exitCode ??= status));

/** Sends the worker's request and wakes it with what came back. */
async function answer({ request, port, signal }) {
  try {
    port.postMessage(await send(request));
  } catch (error) {
    port.postMessage({ error: error.cause?.message || error.message });
  }
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
}

async function send({ method, url, headers, body }) {
  // A token must not follow to another host.
  const options = { method, headers, body, redirect: "manual", signal: AbortSignal.timeout(30_000) };
  const response = await fetch(url, options);
  return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
}
