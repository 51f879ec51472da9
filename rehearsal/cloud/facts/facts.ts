import aws from "./aws.json";

/** What one property takes. */
export interface Property {
  /**
   * `string`, `number`, `boolean`, `any`, `json` (a text, or an object that becomes one), `asset`, `archive`,
   * the name of an entry of `objects`, or one of these behind `[]` (a list) or `{}` (a map).
   */
  readonly type: string;
  readonly required?: true;
  /** A change makes AWS replace the resource. */
  readonly replace?: true;
  /** The order of the list means nothing. */
  readonly set?: true;
  /** AWS chooses a value when the program gives none. */
  readonly computed?: true;
  /** What the provider fills in when the program gives nothing. */
  readonly default?: string | number | boolean;
  readonly enum?: readonly (string | number)[];
  /** A regular expression that is found in every allowed value. */
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export type Properties = Readonly<Record<string, Property>>;

/** What is known of a resource type. */
export interface TypeFacts {
  readonly inputs: Properties;
  /** Properties that only the cloud gives: name and type. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** The table that `generate.ts` writes. */
export interface Facts {
  /** Package and version of what it was generated from. */
  readonly sources: Readonly<Record<string, string>>;
  /** By type token; `pulumi:providers:aws` is the provider's own configuration. */
  readonly types: Readonly<Record<string, TypeFacts>>;
  /** Nested objects by name. */
  readonly objects: Readonly<Record<string, Properties>>;
}

/** The AWS types that the local cloud knows. */
export const AWS = aws as unknown as Facts;
