import { type Markup, type Part, html } from "./markup";

/** Figures in rows. The first column says what each row is about. */
export interface Table {
  readonly columns: readonly string[];
  /** Absent cells are shown as such. */
  readonly rows: readonly (readonly Part[])[];
}

/** A table that scrolls within the page, and can be scrolled with the keyboard. */
export const tableOf = ({ columns, rows }: Table): Markup =>
  html`<div class="scroll" tabindex="0">
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...rest]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${rest.map((cell) => html`<td>${cell ?? "–"}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
