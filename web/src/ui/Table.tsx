/** A table of a document, whose cells its own kind of text shows. */
import type { ComponentChild } from "preact";

interface Props<Cell> {
  head: readonly Cell[];
  rows: readonly (readonly Cell[])[];
  show(cell: Cell): ComponentChild;
}

export function Table<Cell>({ head, rows, show }: Props<Cell>) {
  return (
    <table>
      <thead>
        <tr>
          {head.map((cell, index) => (
            <th key={index} scope="col">
              {show(cell)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((cell, column) => (
              <td key={column}>{show(cell)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
