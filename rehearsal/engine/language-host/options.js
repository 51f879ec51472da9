"use strict";

const types = { typescript: "boolean", tsconfig: "string", nodeargs: "string" };

/**
 * The runtime options of Pulumi.yaml or PulumiPolicy.yaml that matter here: `typescript` (default true), `tsconfig`
 * and `nodeargs` (both default none; nodeargs as a list). Others, such as packagemanager, are for installing.
 * Throws an Error that names the option and the type it should have.
 */
function runtimeOptions(info) {
  const given = info?.getOptions()?.toJavaScript() ?? {};
  for (const [name, type] of Object.entries(types)) {
    const found = given[name];
    if (found !== undefined && typeof found !== type) {
      throw new Error(
        `runtime option '${name}' is ${JSON.stringify(found)}: it must be a ${type}; correct it in Pulumi.yaml`,
      );
    }
  }
  return {
    typescript: given.typescript ?? true,
    tsconfig: given.tsconfig || undefined,
    nodeargs: words(given.nodeargs ?? ""),
  };
}

/** The environment variables by which the SDK's run modules learn of the options. */
function optionsEnvironment({ typescript, tsconfig }) {
  return {
    ...(typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...(tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
  };
}

/**
 * Splits a line into words as a POSIX shell does: at white space, but for quotes and backslashes.
 * Throws an Error if a quote is not closed.
 */
function words(line) {
  const found = [];
  const piece = /\s+|\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|[^\s\\'"]+/y;
  let word;
  while (piece.lastIndex < line.length) {
    const at = piece.lastIndex;
    const match = piece.exec(line);
    if (match === null) throw new Error(`runtime option 'nodeargs' has an open quote at ${line.slice(at)}`);
    const [text, escaped, single, double] = match;
    if (/^\s/.test(text)) {
      if (word !== undefined) found.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + (escaped ?? single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? text);
    }
  }
  if (word !== undefined) found.push(word);
  return found;
}

module.exports = { runtimeOptions, optionsEnvironment, words };
