/** The longest line for which the formatter makes columns as wide as their widest cell. */
const WIDTH = 110;

/** Rows of a Markdown table, the head first, as the formatter wants them. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const [head = [], ...body] = cells;
  const widest = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const fits = widest.reduce((sum, width) => sum + width + 3, 1) <= WIDTH;
  const widths = fits ? widest : head.map(() => 0);
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(Math.max(3, width)))), ...body.map(line)];
}
