import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Baked } from "../../../model/baked";
import { releaseParameter } from "../../../model/known";
import { REGION } from "../../cloud/readers-fixture";
import { STACK, call, scratch } from "../fixture";
import { BAKED, FILE, NAME, OLDER, type PackingPlace, packingPlace } from "./carry-fixture";

const OTHERS = releaseParameter("voiceassist", "dev");

describe("sluice carry across accounts", () => {
  let place: PackingPlace;
  beforeEach(async () => (place = await packingPlace()));
  afterEach(() => place.close());

  it("packs what a stack publishes, with where from, and ends with 6 where it publishes nothing", async () => {
    assert.equal((await place.project.call("carry", "-s", "staging", "--pack", "packed.json")).code, 6);
    await place.pack();
    const { account, region, name, value, program } = JSON.parse(await place.packed());
    assert.deepEqual([account, region, name, program], ["123456789012", REGION, NAME, place.commit]);
    assert.deepEqual(JSON.parse(value).baked, [BAKED]);
  });

  it("publishes it where the stack after reads it, and carries it from there", async () => {
    await place.pack();
    await place.fromElsewhere();
    await place.publish([OLDER]);
    const { code, printed } = await place.carry("--unpack", "packed.json");
    assert.equal(code, 0, printed);
    assert.match(printed, /release: as account 210987654321 published it/);
    assert.deepEqual(JSON.parse((await place.published(NAME)) ?? "").baked, [BAKED]);
    assert.match(await place.file(), /2\.4\.0/);
  });

  it("carries what was packed, and nothing that has baked in the same account since", async () => {
    await place.pack();
    const newer = { version: "2.5.0", at: "2026-04-01T10:00:00.000Z" };
    await place.publish([newer, BAKED]);
    assert.equal((await place.carry("--unpack", "packed.json")).code, 0);
    assert.match(await place.file(), /green: \{ version: 2\.4\.0/);
    assert.deepEqual(JSON.parse((await place.published(NAME)) ?? "").baked, [newer, BAKED]);
  });

  /** The file as it would be of another time, with another list. */
  const packedAs = async (at: string, baked: readonly Baked[]) => {
    const { value, ...rest } = JSON.parse(await place.packed());
    const known = JSON.stringify({ ...JSON.parse(value), packedAt: at, baked });
    await place.project.write("packed.json", JSON.stringify({ ...rest, value: known }));
  };

  it("leaves a list that was packed later in its place, whatever is in it, and ends with 2", async () => {
    await place.pack();
    await place.fromElsewhere();
    await packedAs("2026-05-01T10:00:00.000Z", [BAKED]);
    assert.equal((await place.carry("--unpack", "packed.json")).code, 0);
    await packedAs("2026-04-30T10:00:00.000Z", [OLDER]);
    const { code, complained } = await place.carry("--unpack", "packed.json");
    assert.equal(code, 2);
    assert.match(
      complained,
      /packed 2026-04-30T.*, while \/sluice\/.*\/release has what was packed 2026-05-01T.*: approve the newest run/,
    );
    assert.deepEqual(JSON.parse((await place.published(NAME)) ?? "").baked, [BAKED]);
    // What was taken back there is no longer in the list, which is a newer one all the same.
    await packedAs("2026-05-02T10:00:00.000Z", [OLDER]);
    assert.equal((await place.carry("--unpack", "packed.json")).code, 0);
    assert.deepEqual(JSON.parse((await place.published(NAME)) ?? "").baked, [OLDER]);
  });

  it("packs nothing, and ends with 6, where the engine's history cannot be read", async () => {
    await place.publish([BAKED]);
    await place.project.write(join("bin", "pulumi"), "#!/bin/sh\necho no bucket >&2\nexit 1\n");
    const { code, complained } = await place.project.call("carry", "-s", "staging", "--pack", "packed.json");
    assert.equal(code, 6);
    assert.match(complained, /what staging was deployed with is not known: no bucket/);
  });

  it("carries nothing over to configuration that nobody approved, and ends with 5", async () => {
    await place.pack();
    const text = `${FILE}  sluice:slo: { availability: 99.5 }\n`;
    await place.project.write("Pulumi.prod.yaml", text);
    place.push("a target");
    for (const args of [[], ["--json"]]) {
      const { code, printed } = await place.carry(
        "--unpack",
        "packed.json",
        "--approved",
        place.commit,
        ...args,
      );
      assert.equal(code, 5, printed);
      assert.match(
        printed,
        /sluice:slo changed after [0-9a-f]{12}, which was approved: approve the newest run of deploy\.yml/,
      );
    }
    assert.equal(await place.file(), text);
    const newest = await place.carry("--unpack", "packed.json", "--approved", place.git("rev-parse", "HEAD"));
    assert.equal(newest.code, 0, newest.printed);
  });

  it("carries over where a release's steps, and runs approved before, have changed configuration since", async () => {
    await place.pack();
    assert.equal((await place.carry("--unpack", "packed.json", "--approved", place.commit)).code, 0);
    place.push("carried, and not deployed yet");
    assert.equal((await place.carry("--unpack", "packed.json", "--approved", place.commit)).code, 0);
    await place.project.write(
      "Pulumi.prod.yaml",
      (await place.file()).replace("blue: 100, green: 0", "blue: 90, green: 10"),
    );
    place.push("shifted");
    assert.equal((await place.carry("--unpack", "packed.json", "--approved", place.commit)).code, 0);
  });

  it("carries over where what has changed since is deployed already, and ends with 6 where nobody can say", async () => {
    await place.pack();
    const text = `${FILE}  sluice:slo: { availability: 99.5 }\n`;
    await place.project.write("Pulumi.prod.yaml", text);
    place.push("a target");
    const asked = ["--unpack", "packed.json", "--approved", place.commit];
    const [update] = JSON.parse(await readFile(join(place.project.folder, "history.json"), "utf8"));
    const { config } = parse(text) as { config: Record<string, unknown> };
    const valueOf = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
    const deployed = Object.entries(config).map(([key, value]) => [key, { value: valueOf(value) }]);
    const whole = { ...update, config: Object.fromEntries(deployed) };
    await place.project.write("history.json", JSON.stringify([whole]));
    const brought = await place.carry(...asked);
    assert.equal(brought.code, 0, brought.printed);
    await place.project.write("history.json", "<html>");
    const unknown = await place.carry(...asked);
    assert.equal(unknown.code, 6, unknown.printed);
    assert.match(unknown.complained, /what prod was deployed with is not known/);
  });

  it("carries nothing over to a flag that somebody has only raised since, and looks what the state gives it", async () => {
    const flag = (percentage: number) =>
      `${FILE}  sluice:flags: { partial-results: { rollout_percentage: ${percentage} } }\n`;
    await place.project.write("Pulumi.prod.yaml", flag(10));
    const commit = place.push("a flag");
    await place.pack();
    await place.project.write("Pulumi.prod.yaml", flag(50));
    place.push("more of it");
    const asked = ["--unpack", "packed.json", "--approved", commit];
    // The state's outputs are not there.
    const unknown = await place.carry(...asked);
    assert.equal(unknown.code, 6, unknown.printed);
    await place.exported({});
    const refused = await place.carry(...asked);
    assert.equal(refused.code, 5, refused.printed);
    assert.match(refused.printed, /sluice:flags\.partial-results changed after/);
    await place.project.write("Pulumi.prod.yaml", flag(0));
    place.push("none of it");
    assert.equal((await place.carry(...asked)).code, 0);
  });

  it("ends with 2 or 6 where nobody can say what was approved", async () => {
    await place.pack();
    for (const [approved, expected] of [
      ["main", 2],
      ["", 2],
      ["0".repeat(40), 6],
    ] as const) {
      const { code, complained } = await place.carry("--unpack", "packed.json", "--approved", approved);
      assert.deepEqual([code, await place.file()], [expected, FILE], complained);
    }
  });

  it("carries nothing over to a program that the stack before was not deployed with, and ends with 5", async () => {
    await place.pack();
    await place.fromElsewhere();
    await place.publish([OLDER]);
    await place.project.write("index.ts", "// a VPC\n");
    place.push("a VPC");
    for (const args of [[], ["--json"]]) {
      const { code, printed } = await place.carry("--unpack", "packed.json", ...args);
      assert.equal(code, 5, printed);
      assert.match(
        printed,
        /index\.ts changed after the stack before was deployed, which has not tried that/,
      );
    }
    assert.deepEqual(JSON.parse((await place.published(NAME)) ?? "").baked, [OLDER]);
    assert.equal(await place.file(), FILE);
  });

  it("carries over where but stacks' files and words have changed since", async () => {
    await place.pack();
    await place.project.write("README.md", "# it\n");
    await place.project.write("Pulumi.staging.yaml", `${STACK}# promoted\n`);
    place.push("promoted");
    const { code, printed } = await place.carry("--unpack", "packed.json");
    assert.equal(code, 0, printed);
  });

  it("finds the packed program where the checkout has the newest commit alone", async () => {
    await place.pack();
    const text = await place.packed();
    await place.project.write("index.ts", "// a VPC\n");
    place.push("a VPC");
    const shallow = await scratch("");
    try {
      execFileSync("git", [
        "clone",
        "--quiet",
        "--depth=1",
        `file://${place.project.folder}`,
        join(shallow.folder, "it"),
      ]);
      await shallow.write(join("it", "packed.json"), text);
      const { code, printed } = await call(
        join(shallow.folder, "it"),
        "carry",
        "-s",
        "prod",
        "--unpack",
        "packed.json",
      );
      assert.equal(code, 5, printed);
      assert.match(printed, /index\.ts changed/);
    } finally {
      await shallow.close();
    }
  });

  it("ends with 6 where nobody can say which program was packed, and says how to go on", async () => {
    await place.pack();
    const text = await place.packed();
    for (const [program, why] of [
      ["", /deploy there with sluice deploy, and pack again/],
      ["0".repeat(40), /git fetch/],
    ] as const) {
      await place.project.write("packed.json", text.replace(place.commit, program));
      const { code, complained } = await place.carry("--unpack", "packed.json");
      assert.deepEqual([code, await place.file()], [6, FILE]);
      assert.match(complained, why);
    }
  });

  it("takes no file of another stack, and none that nobody packed", async () => {
    await place.pack();
    await place.fromElsewhere();
    await place.project.write("packed.json", (await place.packed()).replace(NAME, OTHERS));
    const other = await place.carry("--unpack", "packed.json");
    assert.equal(other.code, 2);
    assert.ok(
      other.complained.includes(`found ${OTHERS}; allowed is what prod reads: ${NAME}`),
      other.complained,
    );
    for (const text of ["<script>", "{}", (await place.packed()).replace(/"value": .*/, '"value": "{}"')]) {
      await place.project.write("packed.json", text);
      assert.equal((await place.carry("--unpack", "packed.json")).code, 2, text);
    }
    assert.deepEqual([await place.published(OTHERS), await place.file()], [undefined, FILE]);
  });
});
