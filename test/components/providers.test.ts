import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { providerCalls } from "../../components/providers/calls";
import { refuseWithoutKeys } from "../../components/providers/keysHeld";
import { providerSecret } from "../../model/providers/providers";
import { parseSettings } from "../../model/settings";
import { type Transition, next } from "../../model/transition";
import { at, recorded, release, transition } from "../model/fixtures";
import { changed } from "../model/raw";
import { registered, waitedFor } from "./backendsFixture";
import { RecordingMocks, assertIncludes } from "./mocks";

const EXTERNAL = "kubernetes:external-secrets.io/v1:ExternalSecret";
const JOB = "kubernetes:batch/v1:Job";
const DECLARED = { groq: { requestsPerMinute: 10 }, openai: { requestsPerMinute: 10, clearCaches: true } };
const { providers: PROVIDERS } = parseSettings(changed({ providers: DECLARED }));
const blue = { version: "2.3.1", settings: { PRIMARY_PROVIDER: "groq" } };
const green = { version: "2.4.0", settings: { PRIMARY_PROVIDER: "openai", GROQ_FALLBACK: "true" } };
const both = (share: number) => release(share, { blue, green });

const made = (asked: Transition, providers = PROVIDERS) =>
  registered((opts) =>
    providerCalls(
      "provider-keys",
      {
        ...{ app: "voiceassist", namespace: "voiceassist", vpcCidr: "10.0.0.0/16", providers, ready: [] },
        store: new k8s.apiextensions.CustomResource("store", {
          apiVersion: "external-secrets.io/v1",
          kind: "SecretStore",
          metadata: { name: "secrets-reader" },
        }),
        transition: asked,
      },
      opts,
    ),
  );

describe("what colours need to call providers", () => {
  it("is nothing where none is declared", async () => {
    const { mocks, component } = await made(transition(recorded(both(0)), both(0)), {});
    assert.deepEqual(component, { ready: {}, calls: {} });
    assert.deepEqual(mocks.names(EXTERNAL), []);
  });

  it("is a Secret for each colour, with the keys of whom it calls, each from its own secret", async () => {
    const { mocks, component, options } = await made(transition(recorded(both(0)), both(0)));
    const keys = (colour: string) => {
      const { data, target } = mocks.find(EXTERNAL, `provider-keys-${colour}`)["spec"] as {
        data: { secretKey: string; remoteRef: { key: string } }[];
        target: { name: string; template: { data: object } };
      };
      assert.equal(target.name, `provider-keys-${colour}`);
      assert.deepEqual(
        Object.keys(target.template.data),
        data.map(({ secretKey }) => secretKey),
      );
      return data.map(({ secretKey, remoteRef }) => [secretKey, remoteRef.key]);
    };
    const from = (name: string) => providerSecret("voiceassist", "prod", name);
    assert.deepEqual(keys("blue"), [["GROQ_API_KEY", from("groq")]]);
    assert.deepEqual(keys("green"), [
      ["GROQ_API_KEY", from("groq")],
      ["OPENAI_API_KEY", from("openai")],
    ]);
    assert.deepEqual(component.calls, {
      blue: { keys: { secret: "provider-keys-blue", variables: ["GROQ_API_KEY"] } },
      green: {
        keys: { secret: "provider-keys-green", variables: ["GROQ_API_KEY", "OPENAI_API_KEY"] },
        cachePrefix: "green:",
      },
    });
    assert.equal(component.ready.blue?.length, 1);
    assert.deepEqual(await waitedFor(options(EXTERNAL, "provider-keys-blue")), [
      "kubernetes:external-secrets.io/v1:SecretStore store",
    ]);
    assert.deepEqual(mocks.names(JOB), []);
  });

  it("lets pods wait for a Secret that only a whole key of this provider makes", async () => {
    const { mocks } = await made(transition(recorded(both(0)), both(0)));
    assertIncludes(mocks.find(EXTERNAL, "provider-keys-blue"), {
      metadata: { annotations: { "pulumi.com/waitFor": "condition=Ready" } },
    });
    const { target } = mocks.find(EXTERNAL, "provider-keys-blue")["spec"] as {
      target: { template: { data: Record<string, string> } };
    };
    assert.match(
      target.template.data["GROQ_API_KEY"]!,
      /^\{\{ if regexMatch `\^gsk_.*\$` \.GROQ_API_KEY \}\}\{\{ \.GROQ_API_KEY \}\}\{\{ else \}\}\{\{ fail "/,
    );
  });

  it("is a Job that clears the caches of what was taken back, in the update after it, for which nobody waits", async () => {
    const retreat = transition(recorded(both(50)), both(0), { now: at(60) });
    assert.deepEqual((await made(retreat)).mocks.names(JOB), []);
    const { mocks } = await made(transition(next(retreat), both(0), { now: at(90) }));
    const [name, ...others] = mocks.names(JOB);
    assert.deepEqual(others, []);
    assert.match(name!, /^clear-caches-2-4-0-[0-9a-f]{8}$/);
    assertIncludes(mocks.find(JOB, name!), {
      metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        template: {
          spec: {
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, runAsUser: 999 },
            containers: {
              0: {
                env: {
                  0: { name: "REDIS_URL", valueFrom: { secretKeyRef: { name: "redis-credentials" } } },
                  1: { name: "PREFIX", value: "green:" },
                },
              },
            },
          },
        },
      },
    });
    assertIncludes(mocks.find("kubernetes:networking.k8s.io/v1:NetworkPolicy", "cache-clearing"), {
      spec: {
        policyTypes: ["Egress"],
        egress: { 0: { to: { 0: { ipBlock: { cidr: "10.0.0.0/16" } } }, ports: { 0: { port: 6379 } } } },
      },
    });
    const { data } = mocks.find("kubernetes:core/v1:ConfigMap", "cache-clearing") as {
      data: Record<string, string>;
    };
    assert.match(data["clearCaches.sh"]!, /^#!\/bin\/sh/);
    assert.ok(data["authorities.pem"]!.split("BEGIN CERTIFICATE").length >= 5, "Amazon's roots");
  });
});

describe("keys before an update", () => {
  /** Answers for secrets as Secrets Manager would. */
  class Secrets extends RecordingMocks {
    readonly asked: string[] = [];

    constructor(private readonly held: Readonly<Record<string, readonly string[] | string>>) {
      super();
    }

    override call(args: pulumi.runtime.MockCallArgs) {
      if (!args.token.startsWith("aws:secretsmanager/getSecretVersions")) return super.call(args);
      const { secretId } = args.inputs as { secretId: string };
      this.asked.push(secretId);
      const found = this.held[secretId] ?? "api error ResourceNotFoundException: can't find the secret";
      // An error as gRPC has them: the SDK shows its details alone.
      if (typeof found === "string") throw Object.assign(new Error(found), { details: found });
      return { ...super.call(args), secretId, versions: [{ versionStages: [...found] }] };
    }
  }

  const refusal = async (
    held: Readonly<Record<string, readonly string[] | string>>,
    asked: Transition,
    isPreview = false,
  ) => {
    const mocks = new Secrets(held);
    await pulumi.runtime.setMocks(mocks, "sluice", "prod", isPreview);
    const provider = new aws.Provider("aws", { region: "us-east-1" });
    try {
      await refuseWithoutKeys(asked, PROVIDERS, provider);
      return { asked: mocks.asked, message: "" };
    } catch (error) {
      assert.ok(pulumi.RunError.isInstance(error), String(error));
      return { asked: mocks.asked, message: error.message };
    }
  };
  const [GROQ, OPENAI] = [PROVIDERS["groq"]!.secret, PROVIDERS["openai"]!.secret];
  const rise = transition(recorded(both(10)), both(20));
  const CURRENT = ["AWSCURRENT"];

  it("are asked for by name, and permit what has a current value", async () => {
    const { asked, message } = await refusal({ [GROQ]: CURRENT, [OPENAI]: CURRENT }, rise);
    assert.deepEqual([asked.sort(), message], [[GROQ, OPENAI].sort(), ""]);
  });

  it("refuse what is not there, in a preview as well, all of it at once", async () => {
    for (const isPreview of [true, false]) {
      const { message } = await refusal({ [GROQ]: ["AWSPREVIOUS"] }, rise, isPreview);
      assert.match(message, /^this change of providers is refused; nothing was changed:\n/);
      assert.match(message, /calls groq, .* has no value\..*\n.*calls openai, .* is not there\./);
    }
  });

  it("refuse a rise that an update cannot judge, and leave it to the update in a preview", async () => {
    const held = { [GROQ]: CURRENT, [OPENAI]: "api error AccessDeniedException: no" };
    assert.match(
      (await refusal(held, rise)).message,
      /AccessDeniedException: no\. A rise that cannot be judged/,
    );
    assert.equal((await refusal(held, rise, true)).message, "");
  });

  it("are not asked for on the way back, nor where nothing changes", async () => {
    for (const to of [both(10), both(0)]) {
      assert.deepEqual(await refusal({}, transition(recorded(both(10)), to)), { asked: [], message: "" });
    }
  });
});
