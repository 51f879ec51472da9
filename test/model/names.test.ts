import assert from "node:assert/strict";
import fc from "fast-check";
import { ENVIRONMENTS } from "../../model/environments";
import {
  LENGTHS,
  clusterName,
  deploymentName,
  fenceParameter,
  loadBalancerName,
  namespaceName,
  releaseTags,
  targetGroupName,
} from "../../model/names";
import { COLOURS } from "../../model/release";
import { SettingsError, parseSettings } from "../../model/settings";
import { configuration } from "./fixtures";

const LEGAL = /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/;

const isApp = (app: string) => {
  try {
    return Boolean(parseSettings({ ...configuration(), app }));
  } catch (error) {
    if (error instanceof SettingsError) return false;
    throw error;
  }
};

const label = (longest: number) =>
  fc.stringMatching(new RegExp(`^[a-z]([a-z0-9-]{0,${longest - 2}}[a-z0-9])?$`), { size: "max" });
const environments = fc.constantFrom(...ENVIRONMENTS);
const colours = fc.constantFrom(...COLOURS);
/** Few letters and environments' own names, so that names come near each other. */
const near = fc
  .array(fc.constantFrom("x", "dev", "prod", "blue"), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join("-"));
const apps = fc.oneof(label(LENGTHS.app), near).filter(isApp);
const services = fc.oneof(label(57), near);
const groups = fc.tuple(apps, environments, services, colours);

describe("names", function () {
  // Laws are tried on many cases, and other work may share the machine.
  this.timeout(60_000);

  it("are those that the guides use", () => {
    assert.equal(clusterName("voiceassist", "dev"), "voiceassist-dev-cluster");
    assert.equal(namespaceName("voiceassist"), "voiceassist");
    assert.equal(deploymentName("api-gateway", "green"), "api-gateway-green");
    assert.equal(loadBalancerName("voiceassist", "staging"), "voiceassist-staging");
    assert.equal(fenceParameter("voiceassist", "prod"), "/sluice/voiceassist/prod/fence");
  });

  it("stay what they are: a changed name would replace what carries it", () => {
    assert.equal(targetGroupName("va", "dev", "api", "blue"), "va-dev-api-blue");
    assert.equal(
      targetGroupName("voiceassist", "prod", "voice-service", "green"),
      "voice-service-green-b7dd2a89",
    );
    assert.equal(loadBalancerName("a".repeat(40), "dev"), `${"a".repeat(19)}-dev-797ad3a0`);
  });

  it("are shortened from the first character that is too many, and not inside hyphens", () => {
    assert.equal(loadBalancerName("a".repeat(28), "dev"), `${"a".repeat(28)}-dev`);
    assert.match(loadBalancerName("a".repeat(29), "dev"), /^a{19}-dev-[0-9a-f]{8}$/);
    const hyphens = `${"a".repeat(15)}----${"b".repeat(20)}`;
    assert.match(loadBalancerName(hyphens, "dev"), /^a{15}-dev-[0-9a-f]{8}$/);
  });

  it("of target groups are legal at ELBv2, however long their parts", () => {
    fc.assert(fc.property(groups, (parts) => assert.match(targetGroupName(...parts), LEGAL)));
  });

  it("of load balancers are legal at ELBv2 and not reserved", () => {
    fc.assert(
      fc.property(apps, environments, (app, environment) => {
        const name = loadBalancerName(app, environment);
        assert.match(name, LEGAL);
        assert.ok(!name.startsWith("internal-"));
      }),
    );
  });

  it("of the cluster's roles are legal at IAM, with what Pulumi appends, and use all of the room", () => {
    const app = "a".repeat(LENGTHS.app);
    assert.ok(isApp(app));
    assert.ok(!isApp(`${app}a`));
    const lengths = ENVIRONMENTS.flatMap((environment) =>
      ["node", "eksRole-role"].map((role) => `${clusterName(app, environment)}-${role}-1234567`.length),
    );
    assert.equal(Math.max(...lengths), LENGTHS.role);
  });

  it("of different target groups differ, over all apps and environments of an account", () => {
    fc.assert(
      fc.property(groups, groups, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        assert.notEqual(targetGroupName(...one), targetGroupName(...other));
      }),
      { numRuns: 500 },
    );
    const nearest = fc.tuple(near.filter(isApp), environments, near, colours);
    fc.assert(
      fc.property(nearest, nearest, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        assert.notEqual(targetGroupName(...one), targetGroupName(...other));
      }),
      { numRuns: 500 },
    );
  });

  it("that were shortened still tell service and colour", () => {
    fc.assert(
      fc.property(groups, ([app, environment, service, colour]) => {
        const name = targetGroupName(app, environment, service, colour);
        assert.ok(name.includes(`-${colour}`));
        assert.ok(name.includes(service.slice(0, 10).replace(/-+$/, "")));
      }),
    );
  });
});

describe("tags of a release", () => {
  const rule = { app: "voiceassist", environment: "prod", service: "api-gateway" } as const;

  it("tell what the rule is for", () => {
    assert.deepEqual(releaseTags({ ...rule, role: "weighted" }), {
      "sluice:app": "voiceassist",
      "sluice:environment": "prod",
      "sluice:service": "api-gateway",
      "sluice:role": "weighted",
    });
  });

  it("tell the colour of a header rule and of a target group", () => {
    for (const role of ["header", "target"] as const) {
      assert.equal(releaseTags({ ...rule, role, colour: "green" })["sluice:colour"], "green");
    }
  });
});
