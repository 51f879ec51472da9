import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as ts from "typescript";
import type { Property } from "./facts";

/** A property as the SDK declares it, with its doc comment for what only that says. */
export interface Declared {
  readonly property: Property;
  readonly doc: string;
}

export type DeclaredProperties = Record<string, Declared>;

/** A resource class with its arguments. */
export interface DeclaredResource {
  readonly token: string;
  readonly inputs: DeclaredProperties;
  readonly outputs: Record<string, string>;
}

type Members = readonly (ts.TypeElement | ts.ClassElement)[];

/** Reads resource classes and nested types from the declarations of an installed @pulumi/aws. */
export class Declarations {
  readonly #root = dirname(require.resolve("@pulumi/aws/package.json"));
  readonly #inputs = interfaces(this.#parse("types/input.d.ts"));
  readonly #outputs = interfaces(this.#parse("types/output.d.ts"));

  /** The version of @pulumi/aws. */
  readonly version = (
    JSON.parse(readFileSync(join(this.#root, "package.json"), "utf8")) as { version: string }
  ).version;

  /** @param path without extension, for example `lb/listenerRule`. */
  resource(path: string): DeclaredResource {
    const source = this.#parse(`${path}.d.ts`);
    const declared = source.statements.find(ts.isClassDeclaration);
    if (!declared?.name) throw new Error(`${path}.d.ts declares no class`);
    const args = source.statements.find(
      (s): s is ts.InterfaceDeclaration =>
        ts.isInterfaceDeclaration(s) && s.name.text === `${declared.name!.text}Args`,
    );
    if (!args) throw new Error(`${path}.d.ts declares no arguments`);
    const outputs = declared.members.filter(
      (m): m is ts.PropertyDeclaration => ts.isPropertyDeclaration(m) && !isStatic(m),
    );
    const always = new Set(outputs.filter((m) => !allowsUndefined(m.type)).map(nameOf));
    const inputs = this.#properties(args.members, always);
    return {
      token: this.#token(path),
      inputs,
      outputs: Object.fromEntries(
        outputs.filter((m) => !(nameOf(m) in inputs)).map((m) => [nameOf(m), shape(m.type)]),
      ),
    };
  }

  /** A nested type by its name, for example `lb.ListenerRuleAction`. */
  object(name: string): DeclaredProperties {
    const input = this.#inputs.get(name);
    if (!input) throw new Error(`types/input.d.ts declares no ${name}`);
    const output = this.#outputs.get(name)?.members ?? [];
    return this.#properties(
      input.members,
      new Set(output.filter((m) => ts.isPropertySignature(m) && !m.questionToken).map(nameOf)),
    );
  }

  #properties(members: Members, always: ReadonlySet<string>): DeclaredProperties {
    const found: DeclaredProperties = {};
    for (const member of members) {
      if (!ts.isPropertySignature(member)) continue;
      const name = nameOf(member);
      const literals = enumeration(member.type);
      found[name] = {
        property: {
          type: shape(member.type),
          ...(!member.questionToken && { required: true as const }),
          ...(member.questionToken && always.has(name) && { computed: true as const }),
          ...(literals.length > 0 && { enum: literals }),
        },
        doc: ts
          .getJSDocCommentsAndTags(member)
          .map((d) => d.getText())
          .join("\n"),
      };
    }
    return found;
  }

  #token(path: string): string {
    const code = readFileSync(join(this.#root, `${path}.js`), "utf8");
    const type = /static __pulumiType = '([^']+)'/.exec(code)?.[1];
    if (type === undefined) throw new Error(`${path}.js has no __pulumiType`);
    return path === "provider" ? `pulumi:providers:${type}` : type;
  }

  #parse(path: string): ts.SourceFile {
    const text = readFileSync(join(this.#root, path), "utf8");
    return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  }
}

/** Every interface of a file by its full name; those outside a namespace by their own. */
function interfaces(source: ts.SourceFile): Map<string, ts.InterfaceDeclaration> {
  const found = new Map<string, ts.InterfaceDeclaration>();
  const visit = (statements: readonly ts.Statement[], prefix: string): void => {
    for (const statement of statements) {
      if (ts.isInterfaceDeclaration(statement)) found.set(prefix + statement.name.text, statement);
      if (ts.isModuleDeclaration(statement) && statement.body && ts.isModuleBlock(statement.body)) {
        visit(statement.body.statements, `${prefix}${statement.name.text}.`);
      }
    }
  };
  visit(source.statements, "");
  return found;
}

const nameOf = (member: ts.TypeElement | ts.ClassElement): string =>
  member.name && (ts.isIdentifier(member.name) || ts.isStringLiteral(member.name)) ? member.name.text : "";

const isStatic = (member: ts.PropertyDeclaration): boolean =>
  member.modifiers?.some((m) => m.kind === ts.SyntaxKind.StaticKeyword) ?? false;

/** Takes `pulumi.Input<T>` and `pulumi.Output<T>` off, and splits unions. */
function alternatives(type: ts.TypeNode | undefined): ts.TypeNode[] {
  if (!type) return [];
  if (ts.isUnionTypeNode(type)) return type.types.flatMap(alternatives);
  if (ts.isParenthesizedTypeNode(type)) return alternatives(type.type);
  if (ts.isTypeReferenceNode(type) && /^pulumi\.(Input|Output)$/.test(type.typeName.getText())) {
    return alternatives(type.typeArguments?.[0]);
  }
  return [type];
}

const allowsUndefined = (type: ts.TypeNode | undefined): boolean =>
  alternatives(type).some((t) => t.kind === ts.SyntaxKind.UndefinedKeyword);

const literal = (type: ts.TypeNode): string | undefined =>
  ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? type.literal.text : undefined;

/** The values of a union that has nothing but literals. */
function enumeration(type: ts.TypeNode | undefined): string[] {
  const all = alternatives(type).filter((t) => t.kind !== ts.SyntaxKind.UndefinedKeyword);
  const values = all.map(literal).filter((v) => v !== undefined);
  return values.length === all.length ? values : [];
}

/** The type as `Property.type` writes it. */
function shape(type: ts.TypeNode | undefined): string {
  const shapes = new Set(
    alternatives(type)
      .filter((t) => t.kind !== ts.SyntaxKind.UndefinedKeyword)
      .map(single),
  );
  if (shapes.has("json")) return "json";
  if (shapes.has("asset")) return "asset";
  const [first = "any"] = [...shapes].filter((s) => shapes.size === 1 || s !== "string");
  // A class or an alias beside `string` stands for its id or its text.
  return shapes.has("string") ? "string" : first;
}

function single(type: ts.TypeNode): string {
  if (ts.isArrayTypeNode(type)) return `[]${shape(type.elementType)}`;
  if (ts.isTypeLiteralNode(type)) {
    const index = type.members.find(ts.isIndexSignatureDeclaration);
    return index ? `{}${shape(index.type)}` : "any";
  }
  if (type.kind === ts.SyntaxKind.NumberKeyword) return "number";
  if (type.kind === ts.SyntaxKind.BooleanKeyword) return "boolean";
  if (type.kind === ts.SyntaxKind.AnyKeyword) return "any";
  const name = type.getText();
  if (/PolicyDocument$/.test(name)) return "json";
  if (name === "pulumi.asset.Archive") return "archive";
  if (name.startsWith("pulumi.asset.")) return "asset";
  return /^(?:inputs|outputs)\.(.+)$/.exec(name)?.[1] ?? "string";
}
