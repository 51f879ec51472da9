import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { type Called, type Scratch, call, scratch } from "./fixture";

const PROGRAM = `
  const bucket = new aws.s3.Bucket("recordings", {});
  const home = new k8s.core.v1.Namespace("home", { metadata: { name: "voiceassist" } });
  const password = pulumi.secret("hunter2");
  new k8s.core.v1.ConfigMap("settings", {
    metadata: { namespace: home.metadata.name, name: "settings", labels: { z: "1", a: "2" } },
    data: { BUCKET: bucket.bucketRegionalDomainName, ARN: bucket.arn, PASSWORD: password },
  });
  new k8s.core.v1.Secret("credentials", {
    metadata: { namespace: home.metadata.name, name: "credentials" },
    stringData: { password: "hunter2" },
  });
  new k8s.core.v1.ServiceAccount("pods", { metadata: { namespace: home.metadata.name } });
  new k8s.core.v1.ServiceAccountPatch("default", {
    metadata: { namespace: home.metadata.name, name: "default" },
    automountServiceAccountToken: false,
  });
  new k8s.helm.v3.Release("operator", {
    name: "operator", namespace: "operators", chart: "operator", version: "1.2.3",
    repositoryOpts: { repo: "https://charts.example.com" },
    values: { role: bucket.arn, token: password },
  });
  return { name: bucket.id };
`;

describe("sluice manifests", function () {
  this.timeout(60_000);
  let project: Scratch;
  let written: Called;
  let out: string;
  before(async () => {
    project = await scratch(PROGRAM);
    out = join(project.folder, "out");
    written = await project.call("manifests", "-s", "dev", "--out", "out");
  });
  after(() => project.close());

  const text = (name: string) => readFile(join(out, name), "utf8");

  it("writes one file an object, named by kind, namespace and name, and nothing of AWS", async () => {
    assert.equal(written.code, 0, written.complained);
    assert.deepEqual(await readdir(out), [
      "configmap-voiceassist-settings.yaml",
      "namespace-voiceassist.yaml",
      "release-operators-operator.yaml",
      "secret-voiceassist-credentials.yaml",
      "serviceaccount-patch-voiceassist-default.yaml",
      "serviceaccount-voiceassist-pods-known-after-deployment.yaml",
    ]);
  });

  it("begins each with apiVersion, kind and metadata, and sorts the rest", async () => {
    const lines = (await text("configmap-voiceassist-settings.yaml")).split("\n");
    assert.deepEqual(lines.filter((line) => !line.startsWith("#")).slice(0, 8), [
      "apiVersion: v1",
      "kind: ConfigMap",
      "metadata:",
      "  name: settings",
      "  namespace: voiceassist",
      "  labels:",
      '    a: "2"',
      '    z: "1"',
    ]);
  });

  it("says what is known later only, and which resource's it is where that is known", async () => {
    const { data } = parse(await text("configmap-voiceassist-settings.yaml"));
    assert.equal(data.BUCKET, "known-after-deployment");
    assert.equal(data.ARN, "known-after-deployment.recordings.arn");
    assert.match(
      await text("configmap-voiceassist-settings.yaml"),
      /^# "known-after-deployment" stands for/m,
    );
  });

  it("writes no secret, whether it is marked so or in a Secret", async () => {
    for (const name of await readdir(out)) assert.doesNotMatch(await text(name), /hunter2|aHVudGVyMg/, name);
    assert.equal(parse(await text("configmap-voiceassist-settings.yaml")).data.PASSWORD, "withheld");
    assert.deepEqual(parse(await text("secret-voiceassist-credentials.yaml")).stringData, {
      password: "withheld",
    });
  });

  it("says of a patch that the object is there already", async () => {
    assert.match(await text("serviceaccount-patch-voiceassist-default.yaml"), /^# A patch/m);
  });

  it("gives a Helm release as its values, with the command that shows its objects", async () => {
    const release = await text("release-operators-operator.yaml");
    assert.deepEqual(parse(release), { role: "known-after-deployment.recordings.arn", token: "withheld" });
    const command =
      "helm template operator operator --repo https://charts.example.com --version 1.2.3 " +
      "--namespace operators --values release-operators-operator.yaml";
    assert.ok(release.includes(`#   ${command}\n`), release);
    assert.ok(written.printed.includes(command), written.printed);
  });

  it("writes the same again, and takes away what the stack has no more, and nothing else", async () => {
    const before = await Promise.all((await readdir(out)).map(text));
    await writeFile(join(out, "notes.yaml"), "mine: true\n");
    await writeFile(join(out, "deployment-voiceassist-old.yaml"), "# Written by sluice manifests -s dev\n");
    const again = await project.call("manifests", "-s", "dev", "--out", "out", "--json");
    assert.deepEqual(JSON.parse(again.printed).removed, ["deployment-voiceassist-old.yaml"]);
    assert.equal(await text("notes.yaml"), "mine: true\n");
    const names = (await readdir(out)).filter((name) => name !== "notes.yaml");
    assert.deepEqual(await Promise.all(names.map(text)), before);
  });

  it("writes nothing where a file of that name is somebody else's", async () => {
    const folder = join(project.folder, "theirs");
    await mkdir(folder);
    await writeFile(join(folder, "namespace-voiceassist.yaml"), "kind: Namespace\n");
    const { code, complained } = await project.call("manifests", "-s", "dev", "--out", "theirs");
    assert.equal(code, 2);
    assert.match(complained, /namespace-voiceassist\.yaml/);
    assert.deepEqual(await readdir(folder), ["namespace-voiceassist.yaml"]);
  });

  it("refuses a file in place of the folder", async () => {
    const { code, complained } = await project.call("manifests", "-s", "dev", "--out", "Pulumi.yaml");
    assert.equal(code, 2);
    assert.match(complained, /Pulumi\.yaml is a file; name a folder/);
  });
});

describe("sluice manifests of this project", function () {
  this.timeout(60_000);
  const root = resolve(__dirname, "../..");

  it("refuses faulty settings with the program's one message, and writes nothing", async () => {
    const faulty = await scratch(`return require(${JSON.stringify(join(root, "index.ts"))})();`);
    try {
      await faulty.write(
        "Pulumi.dev.yaml",
        "config:\n  aws:region: us-east-1\n  sluice:environment: production\n",
      );
      const { code, printed, complained } = await faulty.call("manifests", "-s", "dev", "--out", "out");
      assert.equal(code, 2);
      assert.equal(printed, "");
      assert.match(complained, /sluice:environment: found "production"; allowed: one of dev, staging, prod/);
      assert.match(complained, /sluice:app: found nothing/);
      assert.ok(!existsSync(join(faulty.folder, "out")));
    } finally {
      await faulty.close();
    }
  });

  for (const stack of ["dev", "staging", "prod"]) {
    it(`writes ${stack} without an engine, an account or credentials: every service in its live colour`, async () => {
      const scratchFolder = await scratch("");
      try {
        const folder = join(scratchFolder.folder, "out");
        const { code, complained } = await call(root, "manifests", "-s", stack, "--out", folder);
        assert.equal(code, 0, complained);
        const names = await readdir(folder);
        for (const service of ["api-gateway", "voice-service", "admin-panel", "storage", "analytics"]) {
          const name = `deployment-voiceassist-${service}-blue.yaml`;
          assert.ok(names.includes(name), `${name} among ${names.join(", ")}`);
        }
        for (const name of names) {
          const object = parse(await readFile(join(folder, name), "utf8"));
          if (name.startsWith("release-")) continue;
          assert.ok(object.apiVersion && object.kind && object.metadata.name, name);
        }
      } finally {
        await scratchFolder.close();
      }
    });
  }
});
