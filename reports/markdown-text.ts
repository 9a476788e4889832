/** Pieces of GitHub's Markdown, with everything that a name may hold escaped. */

/** Text that came from somewhere else, fit for a line or a table cell. */
export function escaped(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>|~$#]/g, (character) => (character === '<' ? '&lt;' : `\\${character}`))
}

/** A code span, with a fence longer than any run of backticks inside; for a table cell also with its pipes escaped. */
export function code(text: string, where: 'line' | 'cell' = 'line'): string {
  const line = text.replace(/\s+/g, ' ')
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const space = longest > 0 ? ' ' : ''
  return `${fence}${space}${where === 'cell' ? line.replaceAll('|', '\\|') : line}${space}${fence}`
}

export function codeBlock(lines: readonly string[]): string {
  return ['```sh', ...lines, '```'].join('\n')
}

/** A table; its cells are Markdown already. Columns whose heading ends in a colon are aligned right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(headings.map((heading) => heading.replace(/:$/, ''))),
    line(headings.map((heading) => (heading.endsWith(':') ? '--:' : '---'))),
    ...rows.map(line),
  ].join('\n')
}

/** Collapsed until clicked; the summary is plain text. */
export function details(summary: string, body: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`
}

export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n')
}

/** 'a', 'a and b', 'a, b and c'. */
export function inWords(items: readonly string[]): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

/** '1 claim', '2 claims', '1,024 claims'. */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${count.toFixed(0).replace(/\B(?=(\d{3})+(?!\d))/g, ',')} ${count === 1 ? one : many}`
}

/** With a full stop at its end, where it has none. */
export function sentence(text: string): string {
  return text.replace(/[^.!?]$/, '$&.')
}
