/** Words of a shell's command, where nothing but single quotes quotes. */
const words = (command: string): string[] =>
  [...command.matchAll(/(?:'[^']*'|\\'|[^\s'\\])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|\\'/g, (_, quoted: string | undefined) => quoted ?? "'"),
  );

/** `a.b[0]["c d"]` step by step, as `pulumi config --path` reads it. */
const steps = (path: string): (string | number)[] =>
  [...path.matchAll(/\.?([A-Za-z_][\w-]*)|\[(\d+)\]|\[?("(?:[^"\\]|\\.)*")\]?/g)].map(
    ([, name, index, quoted]) =>
      name !== undefined ? name : index !== undefined ? Number(index) : (JSON.parse(quoted!) as string),
  );

/** On a path Pulumi takes digits and truth values for what they say, unless it is told that they are text. */
const typed = (value: string, isText: boolean): unknown =>
  !isText && /^(-?\d+|true|false)$/.test(value) ? (JSON.parse(value) as unknown) : value;

type Tree = Record<string | number, unknown>;

function run(raw: unknown, command: string): void {
  const [pulumi, config, verb, ...rest] = words(command);
  if (pulumi !== "pulumi" || config !== "config") throw new Error(`no command of Pulumi: ${command}`);
  const isPath = rest.includes("--path");
  const isText = rest.includes("string") && rest.includes("--type");
  const [key = "", value] = rest.filter((word) => !["--path", "--type", "string"].includes(word));
  if (!key.startsWith("sluice:")) throw new Error(`no key of ours: ${command}`);
  const path = steps(key.slice("sluice:".length));
  if (!isPath && path.length > 1) throw new Error(`a path without --path: ${command}`);
  const last = path.pop()!;
  let tree = raw as Tree;
  for (const [index, step] of path.entries()) {
    const next = path[index + 1] ?? last;
    tree[step] ??= typeof next === "number" ? [] : {};
    if (typeof tree[step] !== "object") throw new Error(`${String(step)} has a plain value: ${command}`);
    tree = tree[step] as Tree;
  }
  if (verb === "rm" && value === undefined) {
    if (Array.isArray(tree)) tree.splice(Number(last), 1);
    else Reflect.deleteProperty(tree, last);
  } else if (verb === "set" && value !== undefined) {
    if (typeof tree[last] === "object" && tree[last] !== null)
      throw new Error(`more than a value: ${command}`);
    tree[last] = isPath ? typed(value, isText) : value;
  } else throw new Error(`neither set nor rm: ${command}`);
}

/** Configuration after the commands of a remedy; the first of those that are alternatives. */
export function mend(raw: unknown, remedy: string): unknown {
  const mended = structuredClone(raw);
  for (const command of remedy.split(" (or ")[0]!.split(" && ")) run(mended, command);
  return mended;
}
