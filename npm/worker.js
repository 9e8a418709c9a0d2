/** Runs the program and ends with its exit status. */
"use strict";

const { argument } = require("./host.js");
const { run } = require("./engine/lockkeeper_node.js");

process.exit(run(["lockkeeper", ...process.argv.slice(2).map(argument)]));
