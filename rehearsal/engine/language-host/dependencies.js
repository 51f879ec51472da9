"use strict";

const { readFileSync } = require("node:fs");
const path = require("node:path");

const read = (file) => JSON.parse(readFileSync(file, "utf8"));

/**
 * The packages that npm installed for the program in `directory`, as {name, version}, sorted by name: those that its
 * package.json names, or with `transitive` all of them. Empty where npm has not installed any.
 */
function dependencies(directory, transitive) {
  const root = nearest(directory);
  if (root === undefined) return [];
  const { dependencies, devDependencies } = read(path.join(root, "package.json"));
  const direct = new Set(Object.keys({ ...dependencies, ...devDependencies }));
  return installed(root)
    .map(([where, { version }]) => ({ name: where.split("node_modules/").at(-1), where, version }))
    .filter(({ name, where }) => transitive || (direct.has(name) && where === `node_modules/${name}`))
    .map(({ name, version }) => ({ name, version: version ?? "" }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function installed(root) {
  try {
    return Object.entries(read(path.join(root, "node_modules/.package-lock.json")).packages);
  } catch {
    return [];
  }
}

function nearest(directory) {
  for (let at = path.resolve(directory); ; at = path.dirname(at)) {
    try {
      read(path.join(at, "package.json"));
      return at;
    } catch {
      if (at === path.dirname(at)) return undefined;
    }
  }
}

module.exports = { dependencies };
