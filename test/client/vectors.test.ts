import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { bucketOf } from "../../client/bucket";

const CLIENT = resolve(__dirname, "../../client");

interface Vectors {
  readonly schema: number;
  readonly vectors: readonly { readonly about: string; readonly id: string; readonly bucket: number }[];
}

describe("the published vectors", function () {
  this.timeout(30_000);
  let published: Vectors;
  before(async () => {
    published = JSON.parse(await readFile(join(CLIENT, "vectors.json"), "utf8")) as Vectors;
  });

  it("have the bucket that the client gives", () => {
    for (const { id, bucket } of published.vectors) assert.equal(bucketOf(id), bucket, JSON.stringify(id));
  });

  it("have both sides of each boundary, ids that are not ASCII, an empty one and long ones", () => {
    const [ids, buckets] = [
      published.vectors.map(({ id }) => id),
      published.vectors.map(({ bucket }) => bucket),
    ];
    for (const edge of [0, 9, 10, 49, 50, 99]) assert.ok(buckets.includes(edge), `no bucket ${edge}`);
    assert.ok(ids.includes(""));
    assert.ok(ids.filter((id) => /[^\u0000-\u007f]/.test(id)).length >= 5);
    assert.ok(ids.some((id) => id.length >= 1_000));
  });

  it("are what a program in another language computes", async () => {
    let computed: string;
    try {
      ({ stdout: computed } = await promisify(execFile)("python3", [join(CLIENT, "vectors.py")], {
        env: { PATH: process.env["PATH"], PYTHONDONTWRITEBYTECODE: "1" },
      }));
    } catch (error) {
      process.stdout.write(`NOT RUN vectors in another language: ${(error as Error).message}\n`);
      throw error;
    }
    assert.deepEqual(published, JSON.parse(computed));
  });
});
