import assert from "node:assert/strict";
import { repositoryNames } from "../../components/registry/names";
import { Repositories } from "../../components/registry/repositories";
import type { Environment } from "../../model/environments";
import { recordingOptions } from "./clusterFixture";
import { assertIncludes, record, settled } from "./mocks";

const REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
const REPOSITORY = "aws:ecr/repository:Repository";

async function made(environment: Environment = "prod", registry = REGISTRY) {
  const mocks = record();
  const { seen, opts } = recordingOptions();
  const images = ["worker", "api", "api"];
  const repositories = new Repositories("registry", { app: "app", environment, registry, images }, opts);
  await settled();
  return { mocks, seen, repositories };
}

describe("repositoryNames", () => {
  it("puts the registry's path before each image, and each image once", () => {
    assert.deepEqual(repositoryNames(`${REGISTRY}/team/app`, ["b", "a", "b"]), [
      { image: "a", repository: "team/app/a" },
      { image: "b", repository: "team/app/b" },
    ]);
    assert.deepEqual(repositoryNames(REGISTRY, ["a"]), [{ image: "a", repository: "a" }]);
  });

  it("refuses a registry that no stack can own, and says what would do", () => {
    for (const registry of ["ghcr.io/owner", "public.ecr.aws/x", `evil.example/${REGISTRY}`]) {
      assert.throws(() => repositoryNames(registry, ["a"]), /sluice:registry: found .*dkr\.ecr/);
    }
  });
});

describe("Repositories", () => {
  it("are one for each image", async () => {
    const { mocks, repositories } = await made("prod", `${REGISTRY}/team`);
    assert.deepEqual(mocks.names(REPOSITORY), ["team/api", "team/worker"]);
    assert.deepEqual(Object.keys(repositories.urls), ["api", "worker"]);
  });

  it("never let a tag name another image, and scan each that arrives", async () => {
    assertIncludes((await made()).mocks.find(REPOSITORY, "api"), {
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
    });
  });

  it("are encrypted by a key of their own", async () => {
    const { mocks } = await made();
    assert.deepEqual(mocks.names("aws:kms/key:Key"), ["app-registry"]);
    assert.deepEqual(mocks.find(REPOSITORY, "api")["encryptionConfigurations"], [
      { encryptionType: "KMS", kmsKey: "arn:app-registry" },
    ]);
  });

  it("forget what has no tag after days, and versions only when many newer ones are there", async () => {
    const { policy } = (await made()).mocks.find("aws:ecr/lifecyclePolicy:LifecyclePolicy", "api");
    const { rules } = JSON.parse(policy as string) as {
      rules: { rulePriority: number; selection: Record<string, unknown> }[];
    };
    const [untagged, tagged, ...others] = rules.toSorted(
      (one, other) => one.rulePriority - other.rulePriority,
    );
    assert.deepEqual(others, []);
    assertIncludes(untagged?.selection, { tagStatus: "untagged", countType: "sinceImagePushed" });
    assertIncludes(tagged?.selection, { tagStatus: "tagged", countType: "imageCountMoreThan" });
    assert.ok(Number(tagged?.selection["countNumber"]) >= 50);
  });

  it("outlive the stack that owns them, but in dev", async () => {
    for (const environment of ["staging", "prod"] as const) {
      const { seen, mocks } = await made(environment);
      const of = seen.filter(({ type }) => type === REPOSITORY);
      assert.equal(of.length, 2);
      for (const { opts } of of) assertIncludes(opts, { protect: true, retainOnDelete: true });
      assert.equal(mocks.find(REPOSITORY, "api")["forceDelete"], false);
    }
    const { seen, mocks } = await made("dev");
    for (const { opts } of seen.filter(({ type }) => type === REPOSITORY)) {
      assert.equal(opts.protect, undefined);
      assert.equal(opts.retainOnDelete, undefined);
    }
    assert.equal(mocks.find(REPOSITORY, "api")["forceDelete"], true);
  });
});
