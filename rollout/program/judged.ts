import type { Judged } from "../../model/controls";
import { UNKNOWN } from "./answers";
import type { Registered } from "./monitor";
import { plain } from "./values";

/** Outputs by which other resources name one. */
const HANDLES = ["arn", "name", "bucket", "vpcId", "keyId", "identifier"] as const;

/** A program's resources as controls judge them: values in plain words, secrets among them. */
export const judgedOf = (registered: readonly Registered[]): Judged[] =>
  registered.map(({ type, name, protect, inputs, outputs, id }) => {
    const wording = { unknown: UNKNOWN, secret: (value: unknown) => value };
    const told = plain(outputs, wording) as Record<string, unknown>;
    const handles = [id, ...HANDLES.map((key) => told[key])].filter(
      (handle): handle is string => typeof handle === "string" && handle !== UNKNOWN,
    );
    return { type, name, protect, inputs: plain(inputs, wording) as Record<string, unknown>, handles };
  });
