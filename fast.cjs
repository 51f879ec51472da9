"use strict";
// As register.cjs, for what starts again and again: `node --require ./fast.cjs file.ts`. Loading takes most of the time
// of a preview that changes little, so what a process has compiled is kept for the next one of its kind, in
// node_modules/.cache/sluice: types stripped, and V8's code. On two cores the program's 1,300 modules load in 0.9 s in
// place of 2.2, the command line in 0.11 in place of 0.22. Node.js 22 has such a cache built in, 20 has not.
// A file counts as known by a hash of its text. Where nothing can be kept, everything works as with register.cjs.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const vm = require("node:vm");

/** A kind of process: the same Node.js with the same options runs the same script. V8 refuses another's code. */
const kind = [process.version, process.arch, process.execArgv, process.argv[1] ?? ""];
const FOLDER = path.join(__dirname, "node_modules", ".cache", "sluice");
const FILE = path.join(FOLDER, `${hashOf(JSON.stringify(kind)).slice(0, 24)}.bin`);

/** After so many milliseconds in which nothing new was loaded it is kept: processes may be ended from outside. */
const QUIET = 1_500;

const WRAPPER = "(function (exports, require, module, __filename, __dirname) { ";

/** By file: the hash of its text, the JavaScript where that is another text, and V8's code. */
const known = read();
/** Scripts whose code is to be kept, by file. */
const fresh = new Map();

function hashOf(text) {
  return createHash("sha1").update(text).digest("hex");
}

/** What an earlier process has kept: lengths in JSON on the first line, then the texts and code themselves. */
function read() {
  try {
    const bytes = fs.readFileSync(FILE);
    let at = bytes.indexOf(10) + 1;
    const rows = JSON.parse(bytes.toString("utf8", 0, at));
    const whole = rows.reduce((sum, [, , text, code]) => sum + text + code, at);
    if (whole !== bytes.length) return new Map();
    const take = (length) => bytes.subarray(at, (at += length));
    return new Map(
      rows.map(([file, hash, text, code]) => [
        file,
        { hash, text: text > 0 ? take(text).toString() : undefined, code: take(code) },
      ]),
    );
  } catch {
    return new Map();
  }
}

function keep() {
  if (fresh.size === 0) return;
  for (const [file, { script, hash, text }] of fresh)
    known.set(file, { hash, text, code: script?.createCachedData() ?? Buffer.alloc(0) });
  fresh.clear();
  const none = Buffer.alloc(0);
  const rows = [...known].map(([file, { hash, text, code }]) => [
    file,
    hash,
    text === undefined ? none : Buffer.from(text),
    code,
  ]);
  const head = rows.map(([file, hash, text, code]) => [file, hash, text.length, code.length]);
  const draft = `${FILE}.${process.pid}`;
  try {
    fs.mkdirSync(FOLDER, { recursive: true });
    fs.writeFileSync(
      draft,
      Buffer.concat([
        Buffer.from(`${JSON.stringify(head)}\n`),
        ...rows.flatMap(([, , text, code]) => [text, code]),
      ]),
    );
    fs.renameSync(draft, FILE);
  } catch {
    try {
      fs.rmSync(draft, { force: true });
    } catch {
      // What could not be written may not be removed either.
    }
  }
}

// Pulumi's SDK formats a stack trace for every property; this would map each frame of it by the SDK's own source maps.
if (!process.sourceMapsEnabled) {
  try {
    const file = require.resolve("source-map-support/register");
    require.cache[file] = Object.assign(new Module(file), { filename: file, loaded: true });
  } catch {
    // Without it there is nothing to leave out.
  }
}

/**
 * What Pulumi's SDK loads to turn functions into text, by the file that asks for it. Hardly a program has such
 * functions, so it is loaded once something of it is used.
 */
const LATE = { "typescript-shim.js": "typescript", "codePaths.js": "@npmcli/arborist" };

const load = Module._load;
Module._load = function (request, parent, isMain) {
  if (LATE[path.basename(parent?.filename ?? "")] !== request)
    return load.call(this, request, parent, isMain);
  // Whoever asks for what is not there must be told now.
  Module._resolveFilename(request, parent, isMain);
  let loaded;
  const late = () => (loaded ??= load.call(this, request, parent, isMain));
  // As of an ECMAScript module its parts are not copied.
  return new Proxy(
    {},
    { get: (_, name) => name === "__esModule" || late()[name], has: (_, name) => name in late() },
  );
};

process.on("exit", keep);
const timer = setTimeout(keep, QUIET).unref();

/** Runs a module's text as Node.js does, with the code that is known for it. */
function run(module, text, hash, file, kept) {
  const before = known.get(file);
  const isKnown = before?.hash === hash;
  const remember = (script) => {
    fresh.set(file, { script, hash, text: kept });
    timer.refresh();
  };
  // Only Node.js's own compiler lets a script import ECMAScript modules.
  if (/\bimport\s*\(/.test(text)) {
    if (!isKnown && kept !== undefined) remember();
    return compile.call(module, text, file);
  }
  const cachedData = isKnown ? before.code : undefined;
  const script = new vm.Script(`${WRAPPER}${text.replace(/^#!.*/, "")}\n})`, {
    filename: file,
    columnOffset: -WRAPPER.length,
    cachedData,
  });
  if (cachedData === undefined || script.cachedDataRejected) remember(script);
  const require = (id) => module.require(id);
  require.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  require.resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  require.main = process.mainModule;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  const wrapped = script.runInThisContext();
  return wrapped.call(module.exports, module.exports, require, module, file, path.dirname(file));
}

const compile = Module.prototype._compile;
Module.prototype._compile = function (text, file, format) {
  // Of modules in JavaScript's own format Node.js knows more than this.
  const isPlain = file.endsWith(".js") || file.endsWith(".cjs");
  if (!isPlain || (format !== undefined && format !== "commonjs"))
    return compile.call(this, text, file, format);
  return run(this, text, hashOf(text), file);
};

require.extensions[".ts"] = (module, file) => {
  const source = fs.readFileSync(file, "utf8");
  if (process.sourceMapsEnabled) {
    const { transform } = require("./register.cjs");
    return compile.call(module, transform(source, file), file);
  }
  const hash = hashOf(source);
  const before = known.get(file);
  const text =
    before?.hash === hash && before.text !== undefined
      ? before.text
      : // A text without anything to run would count as unknown.
        require("./register.cjs").transform(source, file) || "\n";
  return run(module, text, hash, file, text);
};
