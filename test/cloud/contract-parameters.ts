import assert from "node:assert/strict";
import * as ssm from "@aws-sdk/client-ssm";
import { rejects } from "./contract-subjects";

/** The contract's part about Parameter Store. */
export function parametersContract(parameters: () => ssm.SSMClient): void {
  const put = (input: Partial<ssm.PutParameterCommandInput>) =>
    parameters().send(
      new ssm.PutParameterCommand({
        Name: "/sluice/app/dev/fence",
        Value: "1",
        Type: "String",
        ...input,
      }),
    );
  const get = (Name: string, WithDecryption?: boolean) =>
    parameters().send(new ssm.GetParameterCommand({ Name, WithDecryption }));
  const remove = (Name: string) => parameters().send(new ssm.DeleteParameterCommand({ Name }));

  it("are written once, then overwritten on request, with a version each time", async () => {
    assert.equal((await put({ Value: "one" })).Version, 1);
    await rejects(put({ Value: "two" }), "ParameterAlreadyExists");
    assert.equal((await put({ Value: "two", Overwrite: true })).Version, 2);
    const { Parameter } = await get("/sluice/app/dev/fence");
    assert.deepEqual(
      [Parameter?.Name, Parameter?.Type, Parameter?.Value, Parameter?.Version],
      ["/sluice/app/dev/fence", "String", "two", 2],
    );
    assert.match(Parameter?.ARN ?? "", /^arn:aws:ssm:us-east-1:\d{12}:parameter\/sluice\/app\/dev\/fence$/);
    await remove("/sluice/app/dev/fence");
    assert.equal((await put({ Value: "anew" })).Version, 1);
    await remove("/sluice/app/dev/fence");
  });

  it("tell when they were last written", async () => {
    const before = Date.now();
    await put({ Name: "/dated" });
    const first = (await get("/dated")).Parameter?.LastModifiedDate?.getTime() ?? Number.NaN;
    await put({ Name: "/dated", Value: "2", Overwrite: true });
    const second = (await get("/dated")).Parameter?.LastModifiedDate?.getTime() ?? Number.NaN;
    // AWS tells milliseconds, and they are its own clock's.
    assert.ok(
      before - 1_000 <= first && first <= second && second <= Date.now() + 1_000,
      `${first} ${second}`,
    );
    await remove("/dated");
  });

  it("are missing with AWS's error", async () => {
    await rejects(get("/nope"), "ParameterNotFound");
    await rejects(remove("/nope"), "ParameterNotFound");
    await put({ Name: "/there" });
    const command = new ssm.GetParametersCommand({ Names: ["/there", "/nope"] });
    const { Parameters, InvalidParameters } = await parameters().send(command);
    assert.deepEqual([Parameters?.map(({ Name }) => Name), InvalidParameters], [["/there"], ["/nope"]]);
    await remove("/there");
  });

  it("are found below a path, one level or all, page after page", async () => {
    for (const name of ["a", "b", "c", "deep/d"]) await put({ Name: `/flags/${name}` });
    const list = async (Recursive: boolean, MaxResults: number) => {
      const found: (string | undefined)[][] = [];
      const input = { Path: "/flags", Recursive, MaxResults };
      for await (const { Parameters = [] } of ssm.paginateGetParametersByPath(
        { client: parameters() },
        input,
      )) {
        if (Parameters.length > 0) found.push(Parameters.map(({ Name }) => Name));
      }
      return found;
    };
    assert.deepEqual((await list(false, 10)).flat().sort(), ["/flags/a", "/flags/b", "/flags/c"]);
    const pages = await list(true, 2);
    assert.deepEqual(
      pages.map((page) => page.length),
      [2, 2],
    );
    assert.deepEqual(pages.flat().sort(), ["/flags/a", "/flags/b", "/flags/c", "/flags/deep/d"]);
  });

  it("keep secrets from those who don't ask for decryption", async () => {
    await put({ Name: "/secret", Type: "SecureString", Value: "hush" });
    assert.equal((await get("/secret", true)).Parameter?.Value, "hush");
    assert.notEqual((await get("/secret", false)).Parameter?.Value, "hush");
  });

  it("are refused without a type, with a type that there isn't, and with a name of AWS's own", async () => {
    await rejects(put({ Name: "/typeless", Type: undefined }), "ValidationException");
    await rejects(put({ Name: "/mistyped", Type: "Text" as "String" }), "ValidationException");
    await rejects(put({ Name: "/aws/reserved" }), "AccessDeniedException");
    await rejects(put({ Name: "SSM-reserved" }), "ValidationException");
  });
}
