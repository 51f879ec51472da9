import assert from "node:assert/strict";
import { version } from "@pulumi/kubernetes/package.json";
import { kindOf, knownTokens, resourceName, sdkVersion, shapeOf } from "../../rehearsal/cloud/cluster/kinds";
import { quantity } from "../../rehearsal/cloud/cluster/names";
import { violations } from "../../rehearsal/cloud/cluster/schema";

describe("the facts about Kubernetes kinds", () => {
  it("were read from the SDK that is installed", () => {
    assert.equal(sdkVersion, version);
  });

  it("have a type for every kind, and for every type that one mentions", () => {
    const seen = new Set<string>();
    const visit = (name: string): void => {
      if (seen.has(name)) return;
      seen.add(name);
      for (const type of Object.values(shapeOf(name))) {
        for (const [, reference] of type.matchAll(/#([\w.]+)/g)) visit(reference!);
      }
    };
    for (const token of knownTokens()) {
      const { apiVersion, kind, type } = kindOf(token)!;
      visit(type);
      assert.deepEqual(
        violations({ apiVersion, kind }, `#${type}`, "").filter(({ reason }) => !/required/.test(reason)),
        [],
      );
      assert.equal(violations({ apiVersion: "v0", kind }, `#${type}`, "")[0]?.property, "apiVersion");
    }
    assert.ok(seen.size > 100, `${seen.size} types`);
  });

  it("know what must be there and what the API server lets stand", () => {
    assert.equal(shapeOf("apps.v1.DeploymentSpec")["selector!"], "#meta.v1.LabelSelector");
    assert.equal(shapeOf("core.v1.ServiceSpec").type, "=ClusterIP,ExternalName,LoadBalancer,NodePort");
    assert.equal(shapeOf("core.v1.ServicePort").targetPort, "n|s");
    assert.equal(shapeOf("core.v1.Container")["name!"], "s");
  });

  it("name kinds as the API server does", () => {
    const names = {
      "apps/v1": "Deployment",
      v1: "Service",
      "networking.k8s.io/v1": "Ingress",
      "policy/v1": "NetworkPolicy",
    };
    const plurals = Object.entries(names).map(([apiVersion, kind]) => resourceName({ apiVersion, kind }));
    assert.deepEqual(plurals, [
      "deployments.apps",
      "services",
      "ingresses.networking.k8s.io",
      "networkpolicies.policy",
    ]);
  });

  it("read quantities as Kubernetes does", () => {
    const read = ["500m", "2", "0.5", "1e3", "512Mi", "1Gi", "2k"].map(quantity);
    assert.deepEqual(read, [0.5, 2, 0.5, 1000, 512 * 2 ** 20, 2 ** 30, 2000]);
    for (const bad of ["", "5x", "1 Gi", "512MB", "Mi", "1e", "--1"])
      assert.equal(quantity(bad), undefined, bad);
  });
});
