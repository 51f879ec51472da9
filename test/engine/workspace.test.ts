import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { findEngine, type Engine } from "../../rehearsal/engine/find";
import { openStack, type OpenStack } from "../../rehearsal/engine/workspace";
import { engineEnvironment, parentOf, runs, temporaryFolder, within, write, writeProgram } from "./scratch";

const PROJECT = `name: tiny
runtime:
  name: nodejs
  options:
    typescript: false
    nodeargs: "--stack-trace-limit=3 --title='tiny program'"
main: index.js
`;

const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const config = new pulumi.Config();
class Thing extends pulumi.ComponentResource {
  constructor(name, args) {
    super("tiny:index:Thing", name, args);
    this.registerOutputs({ ready: true });
  }
}
console.log("heard from the program");
new Thing("it", { size: config.requireNumber("size") });
module.exports = {
  size: config.requireNumber("size"),
  where: [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/"),
  title: process.title,
  limit: Error.stackTraceLimit,
};
`;

const PACK = `
const { PolicyPack } = require("@pulumi/policy");
const pulumi = require("@pulumi/pulumi");
const place = [pulumi.getProject(), pulumi.getStack(), new pulumi.Config().require("size")].join("/");
new PolicyPack("sizes", {
  policies: [{
    name: "at-most",
    description: "Things are small.",
    enforcementLevel: "mandatory",
    configSchema: { properties: { most: { type: "number", default: 5 } } },
    validateResource: ({ type, props, getConfig }, report) => {
      const { most } = getConfig();
      if (type === "tiny:index:Thing" && props.size > most) report(\`\${place}: size is \${props.size}, at most \${most}\`);
    },
  }],
});
`;

/** Never ends; says in a file who it and its language host are. */
const ENDLESS = `
require("node:fs").writeFileSync("pids", JSON.stringify([process.pid, process.ppid]));
setInterval(() => undefined, 1000);
module.exports = new Promise(() => undefined);
`;

const URN = "urn:pulumi:test::tiny::tiny:index:Thing::it";

describe("a stack on the real engine", function () {
  this.timeout(300_000);
  const folder = temporaryFolder();
  let engine: Engine;

  before(async function () {
    this.timeout(1_200_000);
    engine = await findEngine();
  });

  /** A project of its own, named for the test; its stack has been opened. */
  async function project(name: string, program: string, settings = "size: 3", yaml = PROJECT) {
    const dir = await writeProgram(join(folder, name), {
      "Pulumi.yaml": yaml,
      "package.json": `{ "name": "tiny" }`,
      "index.js": program,
    });
    await configure(dir, settings);
    const env = engineEnvironment(dir);
    return { dir, env, stack: await openStack({ engine, dir, stack: "test", env }) };
  }

  const policyPack = (name: string, program: string) =>
    writeProgram(join(folder, name), {
      "PulumiPolicy.yaml": "runtime: nodejs\n",
      "package.json": `{ "name": "sizes", "version": "0.0.1", "main": "index.js" }`,
      "index.js": program,
      "large.json": `{ "at-most": { "most": 10 } }`,
    });

  const configure = (dir: string, settings: string) =>
    write(dir, {
      "Pulumi.test.yaml": `config:\n  ${settings.replace(/(^|\n)/g, "$1tiny:").replaceAll("\n", "\n  ")}\n`,
    });

  async function sameAs(stack: OpenStack, updated: string[]) {
    const { result, changes, updated: found } = await stack.up();
    assert.deepEqual([result, found], ["succeeded", updated]);
    assert.deepEqual(changes, {
      create: 0,
      update: updated.length,
      delete: 0,
      replace: 0,
      same: 2 - updated.length,
    });
  }

  it("previews, creates, leaves alone, updates and destroys, and says so by the engine's events", async () => {
    const { dir, stack } = await project("life", PROGRAM);
    const created = { create: 2, update: 0, delete: 0, replace: 0, same: 0 };
    assert.deepEqual((await stack.preview()).changes, created);
    let output = "";
    const first = await stack.up({ onOutput: (text) => (output += text) });
    assert.deepEqual(first, {
      result: "succeeded",
      changes: created,
      updated: [],
      replaced: [],
      diagnostics: [],
    });
    assert.match(output, /heard from the program/);
    const outputs = Object.fromEntries(Object.entries(await stack.outputs()).map(([k, v]) => [k, v.value]));
    assert.deepEqual(outputs, { size: 3, where: "organization/tiny/test", title: "tiny program", limit: 3 });

    await sameAs(stack, []);
    await configure(dir, "size: 4");
    await sameAs(stack, [URN]);
    const destroyed = await stack.destroy();
    assert.deepEqual(destroyed.changes, { create: 0, update: 0, delete: 2, replace: 0, same: 0 });
  });

  it("reports the message of a program that throws", async () => {
    const { stack } = await project("throws", `throw new Error("no bread in the house");`);
    const { result, diagnostics } = await stack.up();
    assert.equal(result, "failed");
    assert.match(diagnostics.join("\n"), /no bread in the house/);
  });

  it("reports the exit code of a program that ends by itself, and what it wrote to standard error", async () => {
    const { stack } = await project("exits", `console.error("leaving early"); process.exit(7);`);
    const { result, diagnostics } = await stack.preview();
    assert.equal(result, "failed");
    assert.match(diagnostics.join("\n"), /leaving early/);
    assert.match(diagnostics.join("\n"), /non-zero exit code: 7/);
  });

  it("reports a runtime option of the wrong type", async () => {
    const yaml = PROJECT.replace("typescript: false", "typescript: maybe");
    const { stack } = await project("option", PROGRAM, "size: 3", yaml);
    const { result, diagnostics } = await stack.preview();
    assert.equal(result, "failed");
    assert.match(diagnostics.join("\n"), /runtime option 'typescript' is "maybe": it must be a boolean/);
  });

  it("lets a policy pack refuse an update before it changes anything, and allow it by configuration", async () => {
    const { dir, stack } = await project("policy", PROGRAM);
    await stack.up();
    const pack = await policyPack("pack", PACK);
    await configure(dir, "size: 9");
    const refused = await stack.up({ policyPacks: [pack] });
    assert.equal(refused.result, "failed");
    assert.deepEqual(refused.updated, []);
    assert.match(
      refused.diagnostics.join("\n"),
      /^tiny:index:Thing \(it\): sizes\/at-most \[mandatory\] Things are small\.\ntiny\/test\/9: size is 9, at most 5$/,
    );
    const allowed = await stack.up({ policyPacks: [pack], policyPackConfigs: [join(pack, "large.json")] });
    assert.deepEqual([allowed.result, allowed.updated], ["succeeded", [URN]]);
  });

  it("reports a policy pack that cannot be loaded, and one that prints before it serves", async () => {
    const { stack } = await project("packs", PROGRAM);
    const broken = await policyPack("broken", `throw new Error("no such rule");`);
    const first = await stack.preview({ policyPacks: [broken] });
    assert.equal(first.result, "failed");
    assert.match(first.diagnostics.join("\n"), /no such rule/);
    const chatty = await policyPack("chatty", `console.log("hello");${PACK}`);
    const second = await stack.preview({ policyPacks: [chatty] });
    assert.equal(second.result, "failed");
    assert.match(
      second.diagnostics.join("\n"),
      /printed "hello" where its port was expected: use console\.error/,
    );
  });

  /** The program, its language host and the engine, once an endless program runs. */
  const family = async (dir: string): Promise<[number, number, number]> => {
    const file = join(dir, "pids");
    const text = await within(60, "the program runs", () => existsSync(file) && readFileSync(file, "utf8"));
    const [program, host] = JSON.parse(text) as [number, number];
    return [program, host, parentOf(host)];
  };

  it("leaves neither language host nor program when the engine is killed", async () => {
    const { dir, stack } = await project("killed", ENDLESS);
    const update = stack.up();
    const [program, host, killed] = await family(dir);
    process.kill(killed, "SIGKILL");
    await within(5, "language host and program are gone", () => !runs(host) && !runs(program));
    assert.equal((await update).result, "failed");
  });

  it("ends the engine and the program when it is aborted, and the stack can be used again", async () => {
    const { dir, stack } = await project("aborted", ENDLESS);
    const abort = new AbortController();
    const update = stack.up({ signal: abort.signal });
    const pids = await family(dir);
    abort.abort();
    assert.equal((await update).result, "failed");
    await within(2, "all are gone", () => !pids.some(runs));
    await write(dir, { "index.js": PROGRAM });
    await stack.cancel().catch(() => undefined);
    assert.equal((await stack.up()).result, "succeeded");
  });

  it("starts no engine for an operation that is aborted before there is one", async () => {
    const { dir, stack } = await project("early", ENDLESS);
    const abort = new AbortController();
    const update = stack.up({ signal: abort.signal });
    abort.abort();
    assert.equal((await update).result, "failed");
    assert.equal(existsSync(join(dir, "pids")), false);
  });

  it("ends the engine and the program when the process that uses them is killed", async () => {
    const { dir, env } = await project("orphaned", ENDLESS);
    const script = `
      const { findEngine } = require(${JSON.stringify(require.resolve("../../rehearsal/engine/find"))});
      const { openStack } = require(${JSON.stringify(require.resolve("../../rehearsal/engine/workspace"))});
      const [dir, env] = process.argv.slice(1);
      findEngine().then((engine) => openStack({ engine, dir, stack: "test", env: JSON.parse(env) })).then((s) => s.up());
    `;
    const user = spawn(process.execPath, [
      "-r",
      resolve(__dirname, "../../register.cjs"),
      "-e",
      script,
      dir,
      JSON.stringify(env),
    ]);
    const pids = await family(dir);
    user.kill("SIGKILL");
    await within(7, "all are gone", () => !pids.some(runs));
  });
});
