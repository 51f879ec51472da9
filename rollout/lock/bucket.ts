import { called, complaint } from "./command";
import type { Store } from "./store";

/** How a cloud's own command line reads and changes a bucket. */
interface Tool {
  readonly command: string;
  list(bucket: Bucket, folder: string): readonly string[];
  read(bucket: Bucket, key: string): readonly string[];
  remove(bucket: Bucket, key: string): readonly string[];
  /** What it says of what is not there. */
  readonly gone: RegExp;
}

/** A bucket, as its URL names it. */
interface Bucket {
  readonly name: string;
  readonly parameters: URLSearchParams;
}

const aws = ({ parameters }: Bucket): string[] => {
  const endpoint = parameters.get("endpoint");
  const scheme = parameters.get("disableSSL") === "true" ? "http" : "https";
  return [
    ...option("--region", parameters.get("region")),
    ...option("--profile", parameters.get("profile")),
    ...option(
      "--endpoint-url",
      endpoint && (endpoint.includes("://") ? endpoint : `${scheme}://${endpoint}`),
    ),
  ];
};

const azure = ({ name, parameters }: Bucket): string[] => {
  const { AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN, AZURE_STORAGE_CONNECTION_STRING } = process.env;
  const secret = AZURE_STORAGE_KEY || AZURE_STORAGE_SAS_TOKEN || AZURE_STORAGE_CONNECTION_STRING;
  return [
    ...["--container-name", name],
    ...option("--account-name", parameters.get("storage_account")),
    ...(secret ? [] : ["--auth-mode", "login"]),
  ];
};

const option = (name: string, value: string | null): string[] => (value ? [name, value] : []);

/**
 * The engine has no command that looks at a lock, and one that tries it could make somebody else's update fail that
 * begins at that moment. So the cloud's own command line is asked, which whoever keeps state there tends to have: the
 * AWS one is also what a kubeconfig of EKS calls.
 */
const TOOLS: Readonly<Record<string, Tool>> = {
  "s3:": {
    command: "aws",
    list: (bucket, folder) => [
      ...["s3api", "list-objects-v2", "--bucket", bucket.name, "--prefix", `${folder}/`],
      ...["--query", "Contents[].[Key]", "--output", "text", ...aws(bucket)],
    ],
    read: (bucket, key) => ["s3", "cp", `s3://${bucket.name}/${key}`, "-", ...aws(bucket)],
    remove: (bucket, key) => ["s3", "rm", `s3://${bucket.name}/${key}`, ...aws(bucket)],
    gone: /\b404\b|NoSuchKey/,
  },
  "gs:": {
    command: "gcloud",
    list: ({ name }, folder) => ["storage", "ls", `gs://${name}/${folder}/`],
    read: ({ name }, key) => ["storage", "cat", `gs://${name}/${key}`],
    remove: ({ name }, key) => ["storage", "rm", `gs://${name}/${key}`],
    gone: /matched no objects/,
  },
  "azblob:": {
    command: "az",
    list: (bucket, folder) => [
      ...["storage", "blob", "list", "--prefix", `${folder}/`],
      ...["--query", "[].[name]", "--output", "tsv", ...azure(bucket)],
    ],
    read: (bucket, key) => [
      ...["storage", "blob", "download", "--name", key, "--file", "/dev/stdout", "--no-progress"],
      ...["--output", "none", ...azure(bucket)],
    ],
    remove: (bucket, key) => ["storage", "blob", "delete", "--name", key, ...azure(bucket)],
    gone: /BlobNotFound/,
  },
};

/**
 * A bucket of a cloud, through that cloud's command line.
 *
 * @returns undefined where the URL is of no such cloud
 */
export function bucketStore(url: string, folder: string): Store | undefined {
  const { protocol, host, pathname, searchParams } = new URL(url);
  const tool = TOOLS[protocol];
  if (!tool) return undefined;
  const bucket: Bucket = { name: host, parameters: searchParams };
  const root = pathname.replace(/^\/|\/$/g, "");
  const inBucket = (key: string) => (root === "" ? key : `${root}/${key}`);
  const ask = async (args: readonly string[]): Promise<string | undefined> => {
    const ended = await called(tool.command, args, folder, 10);
    if (!ended) throw new Error(`locks in ${protocol}//${host} are read by \`${tool.command}\`; install it`);
    if (ended.code === 0) return ended.out;
    if (tool.gone.test(ended.err)) return undefined;
    throw new Error(`${tool.command}: ${complaint(ended)}`);
  };
  return {
    list: async (under) =>
      ((await ask(tool.list(bucket, inBucket(under)))) ?? "").split("\n").flatMap((line) => {
        const at = line.indexOf(`${under}/`);
        return at === -1 ? [] : [line.slice(at).trim()];
      }),
    read: (key) => ask(tool.read(bucket, inBucket(key))),
    remove: async (key) => {
      await ask(tool.remove(bucket, inBucket(key)));
    },
  };
}
