import assert from "node:assert/strict";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { pointAtEndpoint } from "../cloud/readers-fixture";
import { slackServer } from "./notify/slack-fixture";
import { type Scratch, STACK, scratch } from "./fixture";

const STATE = JSON.stringify({ deployment: { pending_operations: [] } });

/** An engine that answers what it is asked, and nothing else. */
const ENGINE = `#!/bin/sh
case "$1" in
  version) echo v3.999.0;;
  whoami) echo ana;;
  stack) echo '${STATE}';;
esac
`;

const ENVIRONMENT: Readonly<Record<string, string>> = {
  AWS_ENDPOINT_URL: "http://127.0.0.1:1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_REGION: "us-east-1",
  SLUICE_PROMETHEUS_URL: "",
};

describe("sluice doctor", function () {
  this.timeout(60_000);
  let project: Scratch;
  const before = new Map<string, string | undefined>();

  beforeEach(async () => {
    project = await scratch("");
    await mkdir(join(project.folder, "bin"));
    await writeFile(join(project.folder, "bin", "pulumi"), ENGINE);
    await chmod(join(project.folder, "bin", "pulumi"), 0o755);
    const environment: Readonly<Record<string, string>> = {
      ...ENVIRONMENT,
      PATH: `${project.folder}/bin:/usr/bin:/bin`,
      PULUMI_BACKEND_URL: `file://${project.folder}/state`,
    };
    for (const [name, value] of Object.entries(environment)) {
      before.set(name, process.env[name]);
      process.env[name] = value;
    }
  });
  afterEach(async () => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await project.close();
  });

  it("shows what is well beside what could not be seen, in order, and ends with 6 for that alone", async () => {
    const { code, printed } = await project.call("doctor", "-s", "dev");
    assert.equal(code, 6, printed);
    const names = printed.split("\n").flatMap((line) => /^(?:ok|warn|FAULT) +(\S+)/.exec(line)?.[1] ?? []);
    const tools = ["node", "engine", "backend", "policies", "settings", "region"];
    const cloud = ["credentials", "clock", "rules", "targets", "metrics", "fence", "published"];
    assert.deepEqual(names, [...tools, ...cloud, "lock", "state", "Prometheus"]);
    assert.match(printed, /^ok {5}engine +pulumi 3\.999\.0$/m);
    assert.match(printed, /^ok {5}settings +voiceassist-dev, canary, blue is live$/m);
    assert.match(printed, /^FAULT {2}credentials +connect ECONNREFUSED 127\.0\.0\.1:1$/m);
    assert.match(printed, /^FAULT {2}fence +as for credentials$/m);
    for (const line of printed.split("\n")) assert.ok(line.length <= 80 || line.includes("→"), line);
  });

  it("tries out who is to be told, a line each, and tells nobody", async () => {
    const Name = "/sluice/voiceassist/dev/slack";
    const sns = "arn:aws:sns:us-east-1:123456789012:releases";
    await project.write(
      "Pulumi.dev.yaml",
      `${STACK}  sluice:notifications: { slack: ${Name}, sns: "${sns}" }\n`,
    );
    const aws = await pointAtEndpoint();
    const slack = await slackServer((response) => void response.writeHead(400).end("no_text"));
    try {
      const missing = (await project.call("doctor", "-s", "dev")).printed;
      assert.match(
        missing,
        /^warn {3}Slack +Slack cannot be told: there is no parameter\n +\/sluice\/voiceassist\/dev\/slack; make it\n +→ aws ssm put-parameter .* --name \/sluice\/voiceassist\/dev\/slack --value "\$URL"$/m,
      );
      assert.match(missing, /^ok {5}SNS +arn:aws:sns:us-east-1:123456789012:releases, which/m);
      await aws.parameters.send(new PutParameterCommand({ Name, Value: slack.url, Type: "SecureString" }));
      const { printed } = await project.call("doctor", "-s", "dev");
      assert.match(
        printed,
        /^ok {5}Slack +the webhook in \/sluice\/voiceassist\/dev\/slack takes\n? +messages$/m,
      );
      assert.deepEqual(slack.sent, [{}]);
    } finally {
      await slack.close();
      await aws.end();
    }
  });

  it("asks GitHub about the jobs' environments, where a token says as whom", async () => {
    const delivery = `${STACK}  sluice:delivery: { repository: octo/app }\n`;
    await project.write("Pulumi.dev.yaml", delivery);
    const names = [
      "-preview",
      "-drift",
      "",
      "-tick",
      "-hotfix",
      "-infrastructure",
      "-security",
      "-rollback",
      "-deploy",
    ];
    const deployment_branch_policy = { custom_branch_policies: true };
    const environments = [...names, "-infrastructure-manager"].map((suffix) => ({
      ...{ name: `dev${suffix}`, protection_rules: [], deployment_branch_policy },
    }));
    const asked: (string | undefined)[] = [];
    const others: Record<string, string> = { "dev-tick": "main", "dev-drift": "main" };
    const server = createServer((request, response) => {
      const { url = "" } = request;
      asked.push(url);
      const [, of = ""] = /\/environments\/([^/]+)\/deployment-branch-policies/.exec(url) ?? [];
      const branch_policies = [{ name: others[of] ?? "develop", type: "branch" }];
      response.end(
        JSON.stringify(of ? { branch_policies } : { total_count: environments.length, environments }),
      );
    }).listen(0, "127.0.0.1");
    const port = await new Promise<number>((resolve) =>
      server.once("listening", () => resolve((server.address() as AddressInfo).port)),
    );
    process.env["GITHUB_API_URL"] = `http://127.0.0.1:${port}`;
    try {
      assert.doesNotMatch((await project.call("doctor", "-s", "dev")).printed, /environments/);
      process.env["GITHUB_TOKEN"] = "local";
      const told = async () => (await project.call("doctor", "-s", "dev")).printed;
      assert.match(await told(), /^ok {5}environments each is there and protected$/m);
      assert.equal(asked[0], "/repos/octo/app/environments?per_page=100");
      assert.equal(asked.length, 1 + environments.length);
      others["dev-deploy"] = "*";
      assert.match(
        (await told()).replaceAll(/\s+/g, " "),
        /warn environments dev-deploy is of the branches \*; allowed is develop alone/,
      );
      Reflect.deleteProperty(others, "dev-deploy");
      const byProtection = { protected_branches: true, custom_branch_policies: false };
      Object.assign(environments[3]!, { deployment_branch_policy: byProtection });
      assert.match(
        (await told()).replaceAll(/\s+/g, " "),
        /ok environments each is there and protected; every protected branch may use dev-tick/,
      );
      Object.assign(environments[3]!, { deployment_branch_policy: null });
      assert.match(await told(), /^warn {3}environments every branch may use dev-tick\n/m);
      environments.splice(3, 1);
      assert.match(await told(), /^FAULT {2}environments GitHub has no dev-tick, and makes/m);
    } finally {
      for (const name of ["GITHUB_TOKEN", "GITHUB_API_URL"]) Reflect.deleteProperty(process.env, name);
      server.close();
    }
  });

  it("ends with 2 where something is at fault, each fault of configuration included", async () => {
    const wrong = STACK.replace("canary", "yolo").replace("green: 0", "green: 7");
    await project.write("Pulumi.dev.yaml", wrong);
    const { code, printed } = await project.call("doctor", "-s", "dev", "--json");
    assert.equal(code, 2, printed);
    const { checks } = JSON.parse(printed) as { checks: { name: string; level: string; text: string }[] };
    const settings = checks.find(({ name }) => name === "settings");
    assert.equal(settings?.level, "fault");
    assert.match(settings.text, /sluice:release\.strategy/);
  });

  it("names what to install, where to log in, and which stacks there are", async () => {
    process.env["PATH"] = "/usr/bin:/bin";
    Reflect.deleteProperty(process.env, "PULUMI_BACKEND_URL");
    process.env["PULUMI_CREDENTIALS_PATH"] = project.folder;
    try {
      const { code, printed } = await project.call("doctor", "-s", "qa");
      assert.equal(code, 2, printed);
      assert.match(printed, /^FAULT {2}engine +no pulumi on PATH\n +→ .*pulumi\.com/m);
      assert.match(printed, /^FAULT {2}backend +nobody is logged in .*\n.*\n? +→ pulumi login$/m);
      assert.match(printed, /^FAULT {2}settings +-s: found "qa"; allowed are/m);
    } finally {
      Reflect.deleteProperty(process.env, "PULUMI_CREDENTIALS_PATH");
    }
  });
});
