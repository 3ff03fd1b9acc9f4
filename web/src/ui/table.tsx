import type { ReactNode } from 'react';

export type Column<Row> = { id: string; header: string; cell: (row: Row) => ReactNode; end?: boolean };

/** A real table that turns into cards on a narrow screen. The first column names the row. */
export function Table<Row>({ label, columns, rows, rowKey }: { label: string; columns: readonly Column<Row>[]; rows: readonly Row[]; rowKey: (row: Row) => string }) {
  return (
    <div className="table-wrap">
      <table className="table folds" aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={column.end ? 'end' : undefined}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column, index) =>
                index === 0 ? (
                  <th key={column.id} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.id} data-label={column.header} className={column.end ? 'end' : undefined}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
