/** Rows of text with their cells under each other. */
export function columns(alignment: readonly ('left' | 'right')[], rows: readonly (readonly string[])[]): string[] {
  const widths = alignment.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)))
  return rows.map((row) =>
    row
      .map((cell, i) => (alignment[i] === 'left' ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  )
}
