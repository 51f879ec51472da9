const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\r": "&#xD;",
};

/** A structure as XML in AWS's manner: a list's entries are `member` elements, what is undefined is left out. */
export function xml(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map((entry) => `<member>${xml(entry)}</member>`).join("");
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object") {
    return Object.entries(value)
      .filter(([, part]) => part !== undefined && part !== null)
      .map(([name, part]) => `<${name}>${xml(part)}</${name}>`)
      .join("");
  }
  return String(value).replace(/[&<>"'\r]/g, (found) => ESCAPES[found] as string);
}
