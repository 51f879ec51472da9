import assert from "node:assert/strict";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { Parameters } from "../../cloud/parameters";
import { rejects } from "../rehearsal/endpoint-fixture";
import { type PointedAt, REGION, pointAtEndpoint } from "./readers-fixture";

const NAME = "/sluice/voiceassist/dev/fence";

describe("Parameters", () => {
  let aws: PointedAt;
  let parameters: Parameters;
  beforeEach(async () => {
    aws = await pointAtEndpoint();
    parameters = new Parameters(REGION);
  });
  afterEach(() => aws.end());

  const put = (Value: string, Type: "String" | "SecureString" = "String") =>
    aws.parameters.send(new PutParameterCommand({ Name: NAME, Value, Type, Overwrite: true }));

  it("are read as they were last written", async () => {
    await put("one");
    assert.equal(await parameters.get(NAME), "one");
    await put('{"version":"2.4.0"}');
    assert.equal(await parameters.get(NAME), '{"version":"2.4.0"}');
  });

  it("are read with the time of their last change where somebody asks for it", async () => {
    await put("one");
    const { value, at = "" } = (await parameters.read(NAME)) ?? {};
    assert.equal(value, "one");
    assert.ok(Math.abs(Date.parse(at) - Date.now()) < 10_000, at);
    assert.equal(await parameters.read(`${NAME}s`), undefined);
  });

  it("are undefined where there are none", async () => {
    await put("one");
    assert.equal(await parameters.get(`${NAME}s`), undefined);
  });

  it("are decrypted where they are secret: a fence must be read whoever wrote it", async () => {
    await put("hush", "SecureString");
    assert.equal(await parameters.get(NAME), "hush");
  });

  it("that may not be looked at are an error, and not absent", async () => {
    await put("one");
    await aws.fail("ssm:GetParameter", "AccessDeniedException");
    await rejects(parameters.get(NAME), "AccessDeniedException", /injected/);
  });

  it("are asked for again where the cloud failed once", async () => {
    await put("one");
    await aws.fail("ssm:GetParameter", "ThrottlingException", 1);
    assert.equal(await parameters.get(NAME), "one");
  });

  it("of a cloud that is not there are an error, and not absent", async () => {
    await put("one");
    process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1";
    await assert.rejects(new Parameters(REGION).get(NAME), /ECONNREFUSED/);
  });

  it("are found below a path, however many there are, each with its version", async () => {
    const names = Array.from(
      { length: 12 },
      (_, index) => `/app/dev/flag-${String(index).padStart(2, "0")}/config`,
    );
    for (const Name of [...names, "/application/dev/flag/config"]) {
      await aws.parameters.send(new PutParameterCommand({ Name, Value: Name, Type: "String" }));
    }
    await aws.parameters.send(
      new PutParameterCommand({ Name: names[0], Value: "again", Type: "String", Overwrite: true }),
    );
    const found = await parameters.below("/app");
    assert.deepEqual(Object.keys(found), names);
    assert.deepEqual([found[names[0]!]?.value, found[names[0]!]?.version], ["again", 2]);
    assert.deepEqual(await parameters.below("/nothing"), {});
    await put("hush", "SecureString");
    assert.doesNotMatch(JSON.stringify(await parameters.below("/sluice")), /hush/);
    await aws.fail("ssm:GetParametersByPath", "AccessDeniedException");
    await rejects(parameters.below("/app"), "AccessDeniedException", /injected/);
  });
});
