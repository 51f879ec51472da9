import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../../components/service/blueGreenService";
import { SECRETS, SECRETS_FOLDER, SECRET_VARIABLES } from "../../model/backends";
import { defaultLimits } from "../../model/limits";
import { COLOURS, type Release } from "../../model/release";
import {
  ACCOUNT,
  AUTOSCALER,
  BUDGET,
  DEPLOYMENT,
  Slow,
  TARGET_GROUP,
  canary,
  made,
  pod,
} from "./serviceFixture";

describe("a colour's pods", () => {
  it("starts at the floor and leaves the number of pods to the autoscaler, from there to the service's most", async () => {
    const mocks = await made({ ...canary, capacity: { green: 250 } }, "api-gateway", {
      replicas: 2,
      maxReplicas: 7,
    });
    const spec = (type: string, name: string) => mocks.find(type, name)["spec"] as Record<string, unknown>;
    const bounds = COLOURS.map((colour) => {
      const { minReplicas, maxReplicas, scaleTargetRef } = spec(AUTOSCALER, `api-gateway-${colour}`);
      assert.deepEqual(scaleTargetRef, {
        apiVersion: "apps/v1",
        kind: "Deployment",
        name: `api-gateway-${colour}`,
      });
      return [spec(DEPLOYMENT, `api-gateway-${colour}`)["replicas"], minReplicas, maxReplicas];
    });
    assert.deepEqual(bounds, [
      [2, 2, 7],
      [5, 5, 7],
    ]);
  });

  it("lets one pod at a time be evicted, so that a single one does not block its node's drain", async () => {
    const { spec } = (await made(canary)).find(BUDGET, "api-gateway-green") as {
      spec: Record<string, unknown>;
    };
    assert.equal(spec["maxUnavailable"], 1);
    assert.ok(!("minAvailable" in spec));
    assert.deepEqual(spec["selector"], { matchLabels: { app: "api-gateway", colour: "green" } });
  });

  it("runs a singleton once, without an autoscaler, and lets no other start beside it", async () => {
    const mocks = await made(canary, "analytics", { kind: "singleton", replicas: 3 });
    const { spec } = mocks.find(DEPLOYMENT, "analytics-blue") as { spec: Record<string, unknown> };
    assert.deepEqual([spec["replicas"], spec["strategy"]], [1, { type: "Recreate" }]);
    assert.deepEqual(mocks.names(AUTOSCALER), []);
    assert.deepEqual(mocks.names(BUDGET), ["analytics-blue"]);
  });

  it("gives each colour of a service an identity of its own, without a token", async () => {
    const mocks = await made(canary);
    for (const colour of COLOURS) {
      const name = `api-gateway-${colour}`;
      assert.equal(mocks.find(ACCOUNT, name)["automountServiceAccountToken"], false);
      const { spec } = pod(mocks, name);
      assert.deepEqual([spec["serviceAccountName"], spec["automountServiceAccountToken"]], [name, false]);
    }
  });

  it("holds its pods to the restricted Pod Security Standard, and bounds what they take", async () => {
    const { spec } = pod(await made(canary), "api-gateway-green");
    const [container] = spec["containers"] as [Record<string, unknown>];
    assert.deepEqual(spec["securityContext"], {
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    assert.deepEqual(container["securityContext"], {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    });
    assert.deepEqual(container["resources"], {
      requests: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "256Mi" },
      limits: { memory: "512Mi", "ephemeral-storage": "1Gi" },
    });
  });

  it("asks the pod itself for restarts and requests, and for its start what it depends on, too", async () => {
    const { spec } = pod(await made(canary), "api-gateway-green");
    const [container] = spec["containers"] as [Record<string, { httpGet: { path: string } }>];
    const paths = ["livenessProbe", "readinessProbe", "startupProbe"].map(
      (one) => container[one]?.httpGet.path,
    );
    assert.deepEqual(paths, ["/health", "/health", "/health/detailed"]);
    const group = (await made(canary)).find(TARGET_GROUP, "api-gateway-green");
    assert.equal((group["healthCheck"] as { path: string }).path, "/health");
  });

  it("lets a pod end no sooner than the load balancer lets its requests", async () => {
    for (const deregistrationSeconds of [0, 30, 300]) {
      const limits = { ...defaultLimits("dev"), deregistrationSeconds };
      const mocks = await made(canary, "api-gateway", {}, { limits });
      const { spec } = pod(mocks, "api-gateway-green");
      const [{ lifecycle }] = spec["containers"] as [
        { lifecycle: { preStop: { sleep: { seconds: number } } } },
      ];
      const { seconds } = lifecycle.preStop.sleep;
      assert.ok(seconds > 0);
      assert.ok((spec["terminationGracePeriodSeconds"] as number) >= seconds + deregistrationSeconds);
      assert.equal(
        mocks.find(TARGET_GROUP, "api-gateway-green")["deregistrationDelay"],
        deregistrationSeconds,
      );
    }
  });

  describe("where the backends' Secrets are there", () => {
    const secrets = () => ({ secrets: [new pulumi.ComponentResource("test:index:Secrets", "secrets")] });
    interface Mounted {
      env: { name: string; value?: string; valueFrom?: unknown }[];
      volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
    }
    const mounted = async (release: Release, context: () => Partial<StackContext>) => {
      const { spec } = pod(await made(release, "api-gateway", {}, context), "api-gateway-green");
      return { spec, container: (spec["containers"] as [Mounted])[0] };
    };

    it("mounts each of them read-only by its name, where a rotation arrives without a restart", async () => {
      const { spec, container } = await mounted(canary, secrets);
      for (const secret of Object.values(SECRETS)) {
        const mount = container.volumeMounts.find(({ name }) => name === secret);
        assert.deepEqual(mount, { name: secret, mountPath: `${SECRETS_FOLDER}/${secret}`, readOnly: true });
        const volumes = spec["volumes"] as { name: string; secret?: { secretName: string } }[];
        assert.equal(volumes.find(({ name }) => name === secret)?.secret?.secretName, secret);
      }
    });

    it("sets the variables from them, and leaves to the manifest what it sets itself", async () => {
      const variable = (container: Mounted, name: string) => container.env.filter((one) => one.name === name);
      const { container } = await mounted(canary, secrets);
      for (const { variable: name, secret, key } of SECRET_VARIABLES) {
        const [one, ...others] = variable(container, name);
        assert.deepEqual([one?.valueFrom, others], [{ secretKeyRef: { name: secret, key } }, []]);
      }
      const settings = { REDIS_URL: "redis://elsewhere" };
      const own = await mounted({ ...canary, green: { version: "2.4.0", settings } }, secrets);
      assert.deepEqual(variable(own.container, "REDIS_URL"), [
        { name: "REDIS_URL", value: "redis://elsewhere" },
      ]);
    });

    it("mounts and sets none of them where there are none", async () => {
      const { container } = await mounted(canary, () => ({}));
      assert.deepEqual(
        container.volumeMounts.map(({ name }) => name),
        ["tmp"],
      );
      assert.ok(!container.env.some((one) => one.valueFrom));
    });
  });

  describe("before its pods", () => {
    const slow = (name: string) => new Slow(name);
    const order = async (context: () => Partial<StackContext>) => {
      const { registered } = await made(canary, "api-gateway", {}, context);
      const types: readonly string[] = [DEPLOYMENT, "test:index:Slow"];
      return registered.filter(({ type }) => types.includes(type)).map(({ name }) => name);
    };

    it("waits for the secrets in both colours", async () => {
      const [first, ...pods] = await order(() => ({ secrets: [slow("secrets")] }));
      assert.equal(first, "secrets");
      assert.equal(pods.length, 2);
    });

    it("waits for its own migration, and not for the other colour's", async () => {
      const names = await order(() => ({ before: { green: [slow("migration")] } }));
      assert.deepEqual(names, ["api-gateway-blue", "migration", "api-gateway-green"]);
    });
  });
});
