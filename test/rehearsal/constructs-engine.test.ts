import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { kubernetesBehaviour } from "../../rehearsal/cloud/cluster/provider";
import { startControllers } from "../../rehearsal/cloud/cluster/controllers";
import { DEPLOYMENT } from "../../rehearsal/cloud/cluster/tokens";
import { startConstructs } from "../../rehearsal/cloud/constructs/start";
import { Faults } from "../../rehearsal/cloud/faults";
import { serveProviders } from "../../rehearsal/cloud/providers/server";
import { World } from "../../rehearsal/cloud/world";
import { findEngine } from "../../rehearsal/engine/find";
import { openStack, type OpenStack } from "../../rehearsal/engine/workspace";

const PROGRAM = `
const awsx = require("@pulumi/awsx"), aws = require("@pulumi/aws"), eks = require("@pulumi/eks"), k8s = require("@pulumi/kubernetes");
const region = new aws.Provider("west", { region: "eu-west-1" });
const vpc = new awsx.ec2.Vpc("net", { numberOfAvailabilityZones: 2, subnetStrategy: "Auto", natGateways: { strategy: "Single" } }, { providers: { aws: region } });
const role = new aws.iam.Role("node", { assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }] }) });
const cluster = new eks.Cluster("c", {
  name: "app", version: "1.33", vpcId: vpc.vpcId, publicSubnetIds: vpc.publicSubnetIds, privateSubnetIds: vpc.privateSubnetIds,
  authenticationMode: "API", skipDefaultNodeGroup: true, createOidcProvider: true,
}, { providers: { aws: region } });
new eks.ManagedNodeGroup("nodes", { cluster, nodeRole: role, subnetIds: vpc.privateSubnetIds }, { providers: { aws: region } });
const provider = new k8s.Provider("k8s", { kubeconfig: cluster.kubeconfigJson, clusterIdentifier: "app" });
const labels = { app: "api", colour: "blue" };
const deployment = new k8s.apps.v1.Deployment("api", { spec: {
  replicas: 2, selector: { matchLabels: labels },
  template: { metadata: { labels }, spec: { containers: [{ name: "api", image: "registry.test/api:" + process.env.VERSION }] } },
} }, { provider });
exports.subnets = vpc.privateSubnetIds;
exports.kubeconfig = cluster.kubeconfigJson;
exports.available = deployment.status.availableReplicas;
`;

describe("awsx, eks and Kubernetes on the real engine", function () {
  this.timeout(600_000);
  const world = new World();
  const controllers = startControllers(world, { start: 0.005, end: 0.05 });
  const cleanUp: (() => Promise<void>)[] = [];
  let stack: (version: string) => Promise<OpenStack>;

  before(async () => {
    const engine = await findEngine();
    const folder = await mkdtemp(join(tmpdir(), "sluice-constructs-"));
    await mkdir(join(folder, "state"));
    await symlink(resolve("node_modules"), join(folder, "node_modules"));
    await writeFile(join(folder, "Pulumi.yaml"), "name: constructs\nruntime: nodejs\nmain: index.js\n");
    await writeFile(join(folder, "package.json"), "{}");
    await writeFile(join(folder, "index.js"), PROGRAM);
    await writeFile(join(folder, "Pulumi.dev.yaml"), "config:\n  aws:region: us-east-1\n");
    const [providers, constructs] = await Promise.all([
      serveProviders(world, new Faults(), { kubernetes: kubernetesBehaviour(world, controllers) }),
      startConstructs(),
    ]);
    cleanUp.push(
      () => providers.close(),
      () => constructs.close(),
      () => rm(folder, { recursive: true, force: true }),
    );
    const { aws, kubernetes } = providers.ports;
    stack = (VERSION) =>
      openStack({
        engine,
        dir: folder,
        stack: "dev",
        env: {
          VERSION,
          PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
          PULUMI_HOME: join(folder, "home"),
          PULUMI_CONFIG_PASSPHRASE: "test",
          PULUMI_SKIP_UPDATE_CHECK: "true",
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
          PULUMI_DEBUG_PROVIDERS: `aws:${aws},kubernetes:${kubernetes},awsx:${constructs.port},eks:${constructs.port}`,
        },
      });
  });

  after(async () => {
    controllers.close();
    await Promise.all(cleanUp.map((end) => end()));
  });

  it("preview with unknown values, and create nothing", async () => {
    const { result, changes, diagnostics } = await (await stack("1")).preview();
    assert.equal(result, "succeeded", diagnostics.join("\n"));
    assert.ok(changes.create > 30, `${changes.create} resources`);
    assert.deepEqual(world.all("aws:ec2/vpc:Vpc"), []);
  });

  it("create everything, children through the provider that the program passed", async () => {
    const opened = await stack("1");
    const { result, diagnostics } = await opened.up();
    assert.equal(result, "succeeded", diagnostics.join("\n"));
    const outputs = await opened.outputs();
    assert.equal(outputs.available!.value, 2);
    assert.equal((outputs.subnets!.value as string[]).length, 2);
    assert.match(outputs.kubeconfig!.value as string, /eks","get-token","--cluster-name","app"/);
    const [cluster] = world.all("aws:eks/cluster:Cluster");
    assert.match(String(cluster!.properties.arn), /^arn:aws:eks:eu-west-1:/);
    const zones = world.all("aws:ec2/subnet:Subnet").map(({ properties }) => properties.availabilityZone);
    assert.deepEqual([...new Set(zones)].sort(), ["eu-west-1a", "eu-west-1b"]);
  });

  it("change nothing the second time", async () => {
    const { result, changes } = await (await stack("1")).up();
    assert.equal(result, "succeeded");
    assert.deepEqual([changes.create, changes.update, changes.delete, changes.replace], [0, 0, 0, 0]);
  });

  it("update a Deployment in place, and only that", async () => {
    const { updated, changes } = await (await stack("2")).up();
    assert.deepEqual(
      updated.map((urn) => urn.split("::")[2]),
      [DEPLOYMENT],
    );
    assert.deepEqual([changes.create, changes.delete, changes.replace], [0, 0, 0]);
    assert.deepEqual(
      controllers
        .pods()
        .filter((pod) => pod.ready)
        .map((pod) => pod.version),
      ["2", "2"],
    );
  });

  it("are gone after a destroy, pods and all", async () => {
    const { result, diagnostics } = await (await stack("2")).destroy();
    assert.equal(result, "succeeded", diagnostics.join("\n"));
    assert.deepEqual(controllers.pods(), []);
    assert.deepEqual(world.all("aws:ec2/vpc:Vpc"), []);
  });
});
