import type { AwsError } from "./errors";
import type { Input } from "./service";
import { xml } from "./xml";

/**
 * Reads the parameters of AWS's Query protocol: `Actions.member.1.Type=forward` is the `Type` of the first
 * entry of the list `Actions`.
 */
export function readQuery(form: URLSearchParams): Input {
  const root: Tree = {};
  for (const [name, value] of form) {
    const path = name.split(".");
    const last = path.pop() as string;
    let at = root;
    for (const part of path) {
      const next = at[part];
      at = at[part] = typeof next === "object" ? next : {};
    }
    at[last] = value;
  }
  return withLists(root) as Input;
}

interface Tree {
  [name: string]: Tree | string;
}

function withLists(tree: Tree | string): unknown {
  if (typeof tree === "string") return tree;
  if (typeof tree.member === "object") {
    const entries = Object.entries(tree.member).sort(([a], [b]) => Number(a) - Number(b));
    return entries.map(([, entry]) => withLists(entry));
  }
  return Object.fromEntries(Object.entries(tree).map(([name, part]) => [name, withLists(part)]));
}

/** The answer to an action of the Query protocol. */
export const queryAnswer = (action: string, namespace: string, result: object, requestId: string): string =>
  `<${action}Response xmlns="${namespace}">` +
  xml({ [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } }) +
  `</${action}Response>`;

/** An error of the Query protocol. */
export const queryError = (error: AwsError, namespace: string, requestId: string): string =>
  `<ErrorResponse xmlns="${namespace}">` +
  xml({
    Error: { Type: error.status < 500 ? "Sender" : "Receiver", Code: error.code, Message: error.message },
    RequestId: requestId,
  }) +
  "</ErrorResponse>";
