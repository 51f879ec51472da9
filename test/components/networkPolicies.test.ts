import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { NetworkPolicies, type NetworkPoliciesArgs } from "../../components/service/networkPolicies";
import { COLOURS } from "../../model/release";
import { type ServiceSettings, defaultServices, serviceDefaults } from "../../model/services";
import { record, settled } from "./mocks";

const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const VPC = "10.0.0.0/16";

interface Peer {
  ipBlock?: { cidr: string; except?: string[] };
  podSelector?: { matchLabels: Record<string, string> };
  namespaceSelector?: { matchLabels: Record<string, string> };
}
interface Port {
  protocol: string;
  port: number;
}
interface Spec {
  podSelector: {
    matchLabels?: Record<string, string>;
    matchExpressions?: { key: string; operator: string; values: string[] }[];
  };
  policyTypes: string[];
  ingress?: { from: Peer[]; ports: Port[] }[];
  egress?: { to: Peer[]; ports: Port[] }[];
}

const services: Record<string, ServiceSettings> = {
  ...defaultServices("voiceassist", "dev"),
  analytics: { ...serviceDefaults("voiceassist", "dev", "analytics"), kind: "worker" },
  storage: { ...serviceDefaults("voiceassist", "dev", "storage"), port: 9000 },
};

async function made(changes: Partial<NetworkPoliciesArgs> = {}) {
  const mocks = record();
  new NetworkPolicies("network-policies", {
    app: "voiceassist",
    namespace: "voiceassist",
    services,
    vpcCidr: VPC,
    ...changes,
  });
  await settled();
  return {
    names: mocks.names(POLICY),
    spec: (name: string) => mocks.find(POLICY, name)["spec"] as Spec,
    all: mocks.registered.filter(({ type }) => type === POLICY).map(({ inputs }) => inputs as { spec: Spec }),
  };
}

const portsOf = (rule: { ports: Port[] } | undefined) => rule?.ports.map(({ port }) => port);

describe("NetworkPolicies", () => {
  it("let nothing in or out of any pod of the namespace that nothing else lets", async () => {
    const spec = (await made()).spec("default-deny");
    assert.deepEqual(spec, { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  });

  it("deny only when all that permits is there, so that nothing is cut off for a moment", async () => {
    const late = pulumi.output(new Promise<string[]>((resolve) => setTimeout(resolve, 50, ["10.0.0.0/20"])));
    assert.equal((await made({ balancerCidrs: late })).names.at(-1), "default-deny");
  });

  it("let every pod ask the cluster's DNS, and nobody else of kube-system", async () => {
    const spec = (await made()).spec("dns");
    assert.deepEqual(spec.podSelector, {});
    assert.deepEqual(
      spec.egress?.map(({ to, ports }) => [to, ports.map(({ protocol, port }) => `${protocol} ${port}`)]),
      [
        [
          [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
              podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            },
          ],
          ["UDP 53", "TCP 53"],
        ],
      ],
    );
  });

  it("let a service be called by its own colour on its own port, and by no other pod", async () => {
    const { spec } = await made();
    for (const colour of COLOURS) {
      const { podSelector, policyTypes, ingress } = spec(`to-storage-${colour}`);
      assert.deepEqual(podSelector, { matchLabels: { app: "storage", colour } });
      assert.deepEqual(policyTypes, ["Ingress"]);
      assert.deepEqual(ingress, [
        { from: [{ podSelector: { matchLabels: { colour } } }], ports: [{ protocol: "TCP", port: 9000 }] },
      ]);
    }
  });

  it("let the load balancer reach public services alone, from its own subnets where these are known", async () => {
    const blocks = (spec: Spec) =>
      (spec.ingress ?? []).flatMap(({ from }) => from.flatMap(({ ipBlock }) => ipBlock?.cidr ?? []));
    const { spec, names } = await made();
    const open = names.filter((name) => blocks(spec(name)).length > 0);
    assert.deepEqual(
      open.sort(),
      ["admin-panel", "api-gateway", "voice-service"]
        .flatMap((name) => COLOURS.map((colour) => `to-${name}-${colour}`))
        .sort(),
    );
    assert.deepEqual(blocks(spec("to-api-gateway-blue")), [VPC]);
    const subnets = pulumi.output(["10.0.0.0/20", "10.0.16.0/20"]);
    const narrow = (await made({ balancerCidrs: subnets })).spec("to-api-gateway-blue");
    assert.deepEqual(blocks(narrow), ["10.0.0.0/20", "10.0.16.0/20"]);
  });

  it("give a service its policies in both colours, so that one which only the candidate has is covered", async () => {
    const billing = serviceDefaults("voiceassist", "dev", "billing");
    const { names } = await made({ services: { ...services, billing } });
    assert.deepEqual(
      names.filter((name) => name.includes("billing")),
      ["to-billing-blue", "to-billing-green"],
    );
  });

  it("let nobody call a worker", async () => {
    const { names } = await made();
    assert.deepEqual(
      names.filter((name) => name.includes("analytics")),
      [],
    );
  });

  it("keep a colour's calls within the colour, the backends and HTTPS in the world", async () => {
    const { egress = [], podSelector } = (await made({ vectorStoreNamespace: "vectors" })).spec("from-green");
    assert.deepEqual(podSelector, { matchLabels: { colour: "green" } });
    const [peers, backends, vectors, world, ...others] = egress;
    assert.deepEqual(others, []);
    assert.deepEqual(peers?.to, [{ podSelector: { matchLabels: { colour: "green" } } }]);
    assert.deepEqual(portsOf(peers), [80, 8080, 9000]);
    assert.deepEqual([backends?.to, portsOf(backends)], [[{ ipBlock: { cidr: VPC } }], [5432, 6379]]);
    assert.deepEqual(vectors?.to, [
      { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "vectors" } } },
    ]);
    assert.deepEqual(portsOf(vectors), [6333, 6334]);
    assert.deepEqual(portsOf(world), [443]);
  });

  it("keep a node's metadata out of reach of every pod", async () => {
    const { all } = await made();
    const open = all.flatMap(({ spec }) => spec.egress ?? []).flatMap(({ to }) => to);
    const wide = open.filter(({ ipBlock }) => ipBlock && ipBlock.cidr !== VPC);
    assert.equal(wide.length, COLOURS.length);
    // 169.254.0.0/16 has 169.254.169.254 in it.
    for (const { ipBlock } of wide) assert.deepEqual(ipBlock?.except, ["169.254.0.0/16"]);
  });

  it("let the database's Jobs reach the database, and nothing else", async () => {
    const { podSelector, egress, policyTypes } = (await made()).spec("jobs-to-database");
    assert.deepEqual(podSelector.matchExpressions, [
      {
        key: "app.kubernetes.io/component",
        operator: "In",
        values: ["migration", "rollback", "integrity-check", "database-users"],
      },
    ]);
    assert.deepEqual(policyTypes, ["Egress"]);
    assert.deepEqual(egress, [
      { to: [{ ipBlock: { cidr: VPC } }], ports: [{ protocol: "TCP", port: 5432 }] },
    ]);
  });
});
