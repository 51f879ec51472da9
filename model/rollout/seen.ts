/** Something that was looked at: what is there, or why nobody could see. */
export type Seen<Value> = { readonly value: Value } | { readonly unseen: string };

/** What is there; undefined where it could not be seen. */
export const valueOf = <Value>(seen: Seen<Value>): Value | undefined =>
  "value" in seen ? seen.value : undefined;
