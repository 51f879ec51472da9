import { isDeepStrictEqual } from "node:util";
import {
  Document,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  isMap,
  isNode,
  isScalar,
  parseDocument,
  visit,
} from "yaml";

/**
 * A YAML text with one value changed or added, and every other character as it was: a parser's own printing moves
 * remarks and blanks all over the file. Where the value is there already, the text is the same.
 *
 * @param keys steps from the top to the value
 * @returns undefined where only printing the whole file can do it, as in place of a block of lines
 */
export function spliced(text: string, keys: readonly string[], value: unknown): string | undefined {
  const before = parseDocument(text);
  if (isDeepStrictEqual(plain(before, keys), value)) return text;
  const after = parseDocument(text);
  after.setIn(keys, after.createNode(value));
  const edited = before.hasIn(keys) ? replaced(before, text, keys, value) : added(before, text, keys, value);
  if (edited === undefined) return undefined;
  // Whatever the layout was: the text must say what was asked for, and nothing else.
  const found = parseDocument(edited);
  return found.errors.length === 0 && isDeepStrictEqual(found.toJS(), after.toJS()) ? edited : undefined;
}

/** A value as it stands on the line of its key, whether or not that is inside braces. */
export function onOneLine(value: unknown): string {
  const document = new Document({ key: value });
  visit(document, {
    Collection: (_, collection) => void (collection.flow = true),
    Scalar: (_, scalar) => quoteTime(scalar),
  });
  return document
    .toString({ lineWidth: 0 })
    .trim()
    .replace(/^\{ key: /, "")
    .replace(/ \}$/, "");
}

/** The engine reads a time without quotes as one, and hands programs another text of it. */
export function quoteTime(scalar: Scalar): void {
  if (typeof scalar.value === "string" && /^\d{4}-\d/.test(scalar.value)) scalar.type = "QUOTE_DOUBLE";
}

function replaced(
  document: Document,
  text: string,
  keys: readonly string[],
  value: unknown,
): string | undefined {
  const node: unknown = document.getIn(keys, true);
  if (!isNode(node) || !node.range) return undefined;
  const [start, end] = node.range;
  const isOnItsLine = isScalar(node) ? !text.slice(start, end).includes("\n") : isInBraces(node);
  if (!isOnItsLine) return undefined;
  // After a key without a value there is not even a blank.
  const blank = start === end && text[start - 1] === ":" ? " " : "";
  return text.slice(0, start) + blank + onOneLine(value) + text.slice(end);
}

function added(
  document: Document,
  text: string,
  keys: readonly string[],
  value: unknown,
): string | undefined {
  const [parentKeys, key] = [keys.slice(0, -1), keys.at(-1)];
  if (key === undefined) return undefined;
  const parent: unknown = document.getIn(parentKeys, true);
  if (!isMap(parent))
    return parentKeys.length > 0 ? added(document, text, parentKeys, { [key]: value }) : undefined;
  const entry = onOneLine({ [key]: value }).slice(2, -2);
  return isInBraces(parent) ? addedInBraces(parent, text, entry) : addedAsLine(parent, text, entry);
}

function addedInBraces({ items, range }: YAMLMap, text: string, entry: string): string | undefined {
  if (!range) return undefined;
  const [start, end] = range;
  if (items.length === 0) return `${text.slice(0, start)}{ ${entry} }${text.slice(end)}`;
  return `${text.slice(0, end - 1).trimEnd()}, ${entry} ${text.slice(end - 1)}`;
}

/** After the last line of the map, indented as its keys are. */
function addedAsLine({ items }: YAMLMap, text: string, entry: string): string | undefined {
  const [first, last] = [items[0], items.at(-1)];
  const start = (first?.key as Node | undefined)?.range?.[0];
  const end = last && endOf(last);
  if (start === undefined || end === undefined) return undefined;
  const indent = " ".repeat(start - (text.lastIndexOf("\n", start - 1) + 1));
  const from = text[end - 1] === "\n" ? end - 1 : end;
  const newline = text.indexOf("\n", from);
  const place = newline === -1 ? text.length : newline;
  return `${text.slice(0, place)}\n${indent}${entry}${text.slice(place)}`;
}

const endOf = ({ key, value }: Pair): number | undefined =>
  isNode(value) && value.range ? value.range[1] : (key as Node | undefined)?.range?.[1];

const isInBraces = (node: Node): boolean => "flow" in node && node.flow === true;

const plain = (document: Document, keys: readonly string[]): unknown => {
  const node: unknown = document.getIn(keys, true);
  return isNode(node) ? node.toJS(document) : node;
};
