import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCRIPT = join(__dirname, "../../components/backends/vectorSnapshots.sh");
const KEY = "the-api-key";

/** Stands in for `aws`: notes its arguments and what it was given to upload; fails where it is told to. */
const AWS = `#!/bin/sh
for last; do :; done
case "$last" in *"$AWS_FAILS"*) [ -n "$AWS_FAILS" ] && { echo "upload failed" >&2; exit 1; } ;; esac
printf '%s\\n' "$*" >>"$AWS_LOG"
cat "$4" >>"$AWS_LOG"
printf '\\n' >>"$AWS_LOG"
`;

/** Stands before `curl` and notes what anybody who lists processes would see. */
const CURL = `#!/bin/sh
printf '%s\\n' "$*" >>"$CURL_LOG"
PATH=\${PATH#*:} exec curl "$@"
`;

interface Faults {
  /** Answers no request at all but with 500. */
  down?: boolean;
  /** The collection of which it takes no snapshot. */
  refuses?: string;
  /** Names another checksum than that of what it gives. */
  damages?: boolean;
  /** Keeps its snapshots, with 500. */
  holds?: boolean;
}

/** One node, as Qdrant's reference describes collections and snapshots. */
class Node {
  readonly kept = new Map<string, string>();
  readonly #server: Server;

  constructor(
    readonly name: string,
    readonly collections: string[],
    readonly faults: Faults = {},
  ) {
    this.#server = createServer((request, response) => {
      this.#answer(request, response);
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => void this.#server.listen(0, "127.0.0.1", resolve));
    return `${this.name}=http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse) {
    const [status, result] = request.headers["api-key"] === KEY ? this.#judge(request) : [401, null];
    if (typeof result === "string") {
      response.end(result);
      return;
    }
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ result, status: status < 300 ? "ok" : { error: "it" }, time: 0.1 }));
  }

  /** The status with the result; a text is a file's content. */
  #judge({ method, url }: IncomingMessage): [number, unknown] {
    const { pathname, searchParams } = new URL(url!, "http://node");
    const [, , collection, , snapshot] = pathname.split("/").map(decodeURIComponent);
    if (this.faults.down) return [500, null];
    if (pathname === "/collections" && method === "GET") {
      return [200, { collections: this.collections.map((name) => ({ name })) }];
    }
    if (!this.collections.includes(collection!)) return [404, null];
    if (method === "POST" && searchParams.get("wait") === "true") {
      return this.faults.refuses === collection ? [500, null] : [200, this.#take(collection!)];
    }
    const content = this.kept.get(snapshot ?? "");
    if (content === undefined) return [404, null];
    if (method === "GET") return [200, content];
    if (method !== "DELETE" || this.faults.holds) return [500, null];
    return [200, this.kept.delete(snapshot!)];
  }

  #take(collection: string) {
    const name = `${collection}-8106510-2026-11-21-02-17-00.snapshot`;
    const content = `${this.name} holds ${collection}`;
    this.kept.set(name, content);
    const given = this.faults.damages ? `${content}, once` : content;
    const checksum = createHash("sha256").update(given).digest("hex");
    return { name, creation_time: "2026-11-21T02:17:00", size: content.length, checksum };
  }
}

describe("the script that takes snapshots", () => {
  let folder: string;
  const nodes: Node[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sluice-snapshots-"));
    writeFileSync(join(folder, "aws"), AWS, { mode: 0o755 });
    writeFileSync(join(folder, "curl"), CURL, { mode: 0o755 });
    writeFileSync(join(folder, "header"), `api-key: ${KEY}`);
    writeFileSync(join(folder, "uploads"), "");
  });

  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()));
    rmSync(folder, { recursive: true });
  });

  async function run(visited: Node[], more: Record<string, string> = {}) {
    nodes.push(...visited);
    const addresses = await Promise.all(visited.map((node) => node.start()));
    const child = spawn("/bin/sh", [SCRIPT], {
      env: {
        PATH: `${folder}:${process.env["PATH"]!}`,
        NODES: addresses.join(" "),
        HEADER_FILE: join(folder, "header"),
        BUCKET: "bucket",
        PREFIX: "qdrant",
        SCRATCH: folder,
        AWS_LOG: join(folder, "uploads"),
        AWS_FAILS: "",
        CURL_LOG: join(folder, "calls"),
        ...more,
      },
    });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    const lines = readFileSync(join(folder, "uploads"), "utf8").split("\n").filter(Boolean);
    /** What was uploaded, by its place: the run's time left out. */
    const uploads = Object.fromEntries(
      lines.flatMap((line, index) => {
        const place = /s3:\/\/(\S+?)\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\/(.*)$/.exec(line);
        return place ? [[`${place[1]!}/${place[2]!}`, lines[index + 1]!]] : [];
      }),
    );
    return { code, said, uploads };
  }

  const placeOf = (node: string, collection: string) =>
    `bucket/qdrant/${node}/${collection}/${collection}-8106510-2026-11-21-02-17-00.snapshot`;

  it("brings every collection of every node to S3, and leaves none on the nodes", async () => {
    const visited = [new Node("qdrant-0", ["documents", "notes"]), new Node("qdrant-1", ["documents"])];
    const { code, said, uploads } = await run(visited);
    assert.equal(code, 0, said);
    assert.deepEqual(uploads, {
      [placeOf("qdrant-0", "documents")]: "qdrant-0 holds documents",
      [placeOf("qdrant-0", "notes")]: "qdrant-0 holds notes",
      [placeOf("qdrant-1", "documents")]: "qdrant-1 holds documents",
    });
    for (const node of visited) assert.equal(node.kept.size, 0);
  });

  it("has nothing to do, and no fault, where there are no collections", async () => {
    const { code, said, uploads } = await run([new Node("qdrant-0", [])]);
    assert.equal(code, 0, said);
    assert.deepEqual(uploads, {});
  });

  it("asks for collections by any name that Qdrant permits", async () => {
    const names = ["two words", "50%", "größe", "a&b=c#d"];
    const { code, said, uploads } = await run([new Node("qdrant-0", names)]);
    assert.equal(code, 0, said);
    assert.deepEqual(Object.keys(uploads).sort(), names.map((name) => placeOf("qdrant-0", name)).sort());
  });

  it("fails when a node fails, names it, and still saves the others", async () => {
    const visited = [
      new Node("qdrant-0", ["documents"]),
      new Node("qdrant-1", ["documents"], { down: true }),
      new Node("qdrant-2", ["documents"]),
    ];
    const { code, said, uploads } = await run(visited);
    assert.equal(code, 1);
    assert.match(said, /FAILED: qdrant-1: its collections could not be listed at http:/);
    assert.deepEqual(Object.keys(uploads).sort(), [
      placeOf("qdrant-0", "documents"),
      placeOf("qdrant-2", "documents"),
    ]);
  });

  it("fails when a node cannot be reached at all", async () => {
    const gone = new Node("qdrant-1", ["documents"]);
    const address = await gone.start();
    await gone.stop();
    const { code, said } = await run([], { NODES: address });
    assert.equal(code, 1);
    assert.match(said, /FAILED: qdrant-1/);
  });

  it("fails when one collection is refused, and still saves the node's others", async () => {
    const node = new Node("qdrant-0", ["documents", "notes"], { refuses: "documents" });
    const { code, said, uploads } = await run([node]);
    assert.equal(code, 1);
    assert.match(said, /FAILED: qdrant-0: no snapshot of documents was taken/);
    assert.deepEqual(Object.keys(uploads), [placeOf("qdrant-0", "notes")]);
  });

  it("fails when the upload fails, and does not leave the snapshot on the node for it", async () => {
    const node = new Node("qdrant-0", ["documents", "notes"]);
    const { code, said, uploads } = await run([node], { AWS_FAILS: "/documents/" });
    assert.equal(code, 1);
    assert.match(said, /FAILED: qdrant-0: documents-\S+ could not be uploaded/);
    assert.deepEqual(Object.keys(uploads), [placeOf("qdrant-0", "notes")]);
    assert.equal(node.kept.size, 0);
  });

  it("uploads nothing that arrived damaged", async () => {
    const node = new Node("qdrant-0", ["documents"], { damages: true });
    const { code, said, uploads } = await run([node]);
    assert.equal(code, 1);
    assert.match(said, /arrived damaged/);
    assert.deepEqual(uploads, {});
    assert.equal(node.kept.size, 0);
  });

  it("fails when a snapshot stays on its node, where it would fill the volume night by night", async () => {
    const { code, said } = await run([new Node("qdrant-0", ["documents"], { holds: true })]);
    assert.equal(code, 1);
    assert.match(said, /documents-\S+ is still on the node/);
  });

  it("keeps the key out of the arguments of every process", async () => {
    const { code, said } = await run([new Node("qdrant-0", ["documents"])]);
    assert.equal(code, 0, said);
    const calls = readFileSync(join(folder, "calls"), "utf8");
    assert.match(calls, /--request DELETE/);
    assert.ok(!calls.includes(KEY));
  });

  it("fails with a key that is refused, and never says the key", async () => {
    writeFileSync(join(folder, "header"), "api-key: another-key");
    const { code, said } = await run([new Node("qdrant-0", ["documents"])]);
    assert.equal(code, 1);
    assert.match(said, /401/);
    assert.ok(!said.includes("another-key"));
  });
});
