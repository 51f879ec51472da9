"use strict";
// Lets Node.js run TypeScript: `node --require ./register.cjs file.ts`. Types are stripped and not checked;
// `npm test` checks them. It touches .ts files alone, where a general loader also parses every dependency,
// which takes longer than all of the program's own code.
const { readFileSync } = require("node:fs");
const { transformSync } = require("esbuild");

const sourcemap = process.sourceMapsEnabled ? "inline" : false;

/** A file's text as JavaScript. */
const transform = (text, sourcefile) =>
  transformSync(text, { loader: "ts", format: "cjs", target: "node20", sourcefile, sourcemap }).code;

require.extensions[".ts"] ??= (module, sourcefile) => {
  module._compile(transform(readFileSync(sourcefile, "utf8"), sourcefile), sourcefile);
};

module.exports = { transform };
