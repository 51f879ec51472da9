import assert from "node:assert/strict";
import * as ssm from "@aws-sdk/client-ssm";
import { type EndpointFixture, rejects, startEndpoint } from "./endpoint-fixture";

describe("AWS endpoint: SSM", () => {
  let aws: EndpointFixture;
  beforeEach(async () => {
    aws = await startEndpoint();
  });
  afterEach(() => aws.end());

  const put = (input: Partial<ssm.PutParameterCommandInput>) =>
    aws.parameters.send(
      new ssm.PutParameterCommand({ Name: "/sluice/a/fence", Value: "v", Type: "String", ...input }),
    );

  it("counts versions, and overwrites only when told to", async () => {
    assert.equal((await put({ Value: "1" })).Version, 1);
    await rejects(put({}), "ParameterAlreadyExists");
    assert.equal((await put({ Value: "2", Overwrite: true, Type: undefined })).Version, 2);
    const get = (Name: string) => aws.parameters.send(new ssm.GetParameterCommand({ Name }));
    const { Parameter } = await get("/sluice/a/fence");
    assert.deepEqual([Parameter?.Value, Parameter?.Version, Parameter?.Type], ["2", 2, "String"]);
    assert.equal(Parameter?.ARN, "arn:aws:ssm:us-east-1:123456789012:parameter/sluice/a/fence");
    assert.equal((await get("/sluice/a/fence:2")).Parameter?.Value, "2");
    assert.equal((await get(Parameter.ARN)).Parameter?.Value, "2");
    await rejects(get("/sluice/a/fence:1"), "ParameterVersionNotFound");
  });

  it("gives up to ten parameters of a path at a time, one level or all", async () => {
    for (let i = 0; i < 12; i += 1) await put({ Name: `/flags/${String(i).padStart(2, "0")}` });
    await put({ Name: "/flags/deep/er" });
    const list = async (Recursive: boolean) => {
      const pages: number[] = [];
      const paginator = ssm.paginateGetParametersByPath(
        { client: aws.parameters },
        { Path: "/flags", Recursive },
      );
      for await (const { Parameters = [] } of paginator) pages.push(Parameters.length);
      return pages;
    };
    assert.deepEqual(await list(false), [10, 2]);
    assert.deepEqual(await list(true), [10, 3]);
  });

  it("tells which of several names don't exist, and deletes", async () => {
    await put({});
    const Names = ["/sluice/a/fence", "/nope"];
    const { Parameters, InvalidParameters } = await aws.parameters.send(
      new ssm.GetParametersCommand({ Names }),
    );
    assert.equal(Parameters?.length, 1);
    assert.deepEqual(InvalidParameters, ["/nope"]);
    const remove = () => aws.parameters.send(new ssm.DeleteParameterCommand({ Name: "/sluice/a/fence" }));
    await remove();
    await rejects(remove(), "ParameterNotFound");
  });

  it("shows a SecureString only to those who ask for its decryption", async () => {
    await put({ Type: "SecureString", Value: "secret" });
    const get = async (WithDecryption: boolean) => {
      const command = new ssm.GetParameterCommand({ Name: "/sluice/a/fence", WithDecryption });
      return (await aws.parameters.send(command)).Parameter?.Value;
    };
    assert.equal(await get(true), "secret");
    assert.notEqual(await get(false), "secret");
  });

  it("refuses names, values and types that AWS refuses", async () => {
    const refused = [{ Name: "a/b" }, { Name: "/awsx" }, { Name: "/a b" }, { Value: "x".repeat(4097) }];
    for (const input of refused) await rejects(put(input), "ValidationException");
    await rejects(put({ Type: undefined }), "ValidationException", /type is required/);
  });
});
