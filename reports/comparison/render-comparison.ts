import { columns } from '../columns.ts'
import { counted, escaped, list, table } from '../markdown-text.ts'
import { groupBy } from '../names.ts'
import { minimumEffect } from './compare-claims.ts'
import { type Change, type ReportComparison, type Topic, topics } from './comparison.ts'

/** GitHub takes comments of 65,536 characters; what a job puts around it needs room too. */
export const longestComparison = 60_000

/** A name or a number as long as this says no more. */
const longestCell = 200

/** Kept for the line that says what was left out, and for closing what is open. */
const reserve = 300

const titles: Readonly<Record<Topic, string>> = {
  verdict: 'Verdicts',
  missing: 'Missing from the head',
  benchmark: 'Benchmarks',
  computation: 'Computation changed: same seed, other numbers',
  moved: 'Estimates that moved',
  new: 'New',
  margin: 'Margins',
  cost: 'Sample costs',
}

const marks: Readonly<Record<Change['effect'], string>> = {
  regression: '❌ regression',
  improvement: '✅ improvement',
  neutral: '',
}

/**
 * A comparison in words, of at most 60,000 characters: verdicts first, then what is missing, then numbers; what changed nothing
 * that matters is collapsed, and what does not fit is counted.
 */
export function renderComparison(comparison: ReportComparison, format: 'markdown' | 'console'): string {
  return format === 'markdown' ? renderMarkdown(comparison) : renderConsole(comparison)
}

function headline({ rows, changes, unchanged, regressions }: ReportComparison): string {
  return `${regressions === 0 ? 'No regression' : counted(regressions, 'regression')}: ${counted(changes.length, 'change')}, ${unchanged.length} of ${counted(rows, 'row')} unchanged.`
}

function renderMarkdown(comparison: ReportComparison): string {
  const { changes, unchanged, incomplete, notes } = comparison
  const page = new Page(longestComparison)
  page.add(`**${headline(comparison)}**`)
  if (incomplete !== undefined) page.add(`**Incomplete:** ${cell(incomplete)}`)
  page.add(list(notes.slice(0, 20).map(cell)))
  for (const topic of topics) {
    const rows = changes.filter((change) => change.topic === topic)
    const heading = `${titles[topic]} (${rows.length})`
    const [open, collapsed] = [rows.filter(isOpen), rows.filter((change) => !isOpen(change))]
    const rowText = (change: Change): string[] => [
      cell(change.subject),
      cell(change.base),
      cell(change.head),
      cell(change.detail),
      marks[change.effect],
    ]
    const headings = ['what', 'base', 'head', '', '']
    if (open.length > 0) page.addTable(`### ${heading}\n\n`, headings, open.map(rowText), '')
    if (collapsed.length > 0) {
      const summary = open.length > 0 ? `${collapsed.length} more of no consequence` : heading
      page.addTable(`<details>\n<summary>${summary}</summary>\n\n`, headings, collapsed.map(rowText), '\n\n</details>')
    }
  }
  if (unchanged.length > 0) {
    const lines = unchanged.map((name) => [cell(name)])
    page.addTable(
      `<details>\n<summary>Unchanged (${unchanged.length})</summary>\n\n`,
      ['what'],
      lines,
      '\n\n</details>',
    )
  }
  page.add(`A changed number is a regression from ${minimumEffect} of its claim’s margin on.`)
  return `${page.text}\n`
}

/** Seen without a click: whatever changes a verdict, and whatever is not neutral. */
function isOpen({ topic, effect }: Change): boolean {
  return topic === 'verdict' || effect !== 'neutral'
}

function cell(text: string): string {
  return escaped(clipped(text))
}

function clipped(text: string): string {
  return text.length <= longestCell ? text : `${text.slice(0, longestCell - 1)}…`
}

/** Text that never grows beyond its length: whole blocks, and as many rows of a table as there is room for. */
class Page {
  text = ''
  private readonly longest: number

  constructor(longest: number) {
    this.longest = longest
  }

  private get room(): number {
    return this.longest - reserve - this.text.length
  }

  add(block: string): void {
    if (block !== '' && block.length + 2 <= this.room) this.text += `${this.text === '' ? '' : '\n\n'}${block}`
  }

  addTable(before: string, headings: readonly string[], rows: readonly string[][], after: string): void {
    const [first = '', rule = ''] = table(headings, []).split('\n')
    const leftOut = (count: number): string => (count === 0 ? '' : `\n\n… and ${counted(count, 'row')} more.`)
    let block = `${before}${first}\n${rule}`
    let shown = 0
    for (const row of rows) {
      const line = `\n${table([], [row]).split('\n')[2]}`
      if (block.length + line.length + leftOut(rows.length).length + after.length + 2 > this.room) break
      block += line
      shown++
    }
    this.add(`${shown === 0 ? before.trimEnd() : block}${leftOut(rows.length - shown)}${after}`)
  }
}

function renderConsole(comparison: ReportComparison): string {
  const { changes, incomplete, notes } = comparison
  const blocks = [
    [headline(comparison), ...(incomplete === undefined ? [] : [`Incomplete: ${clipped(incomplete)}`])],
    ...[...groupBy(changes, ({ topic }) => topic)].map(([topic, rows]) => topicLines(topic, rows)),
    notes.slice(0, 20).map(clipped),
  ]
  const lines = blocks.flatMap((block, index) => (index === 0 ? block : ['', ...block]))
  const kept: string[] = []
  let length = 0
  for (const line of lines) {
    if (length + line.length + 1 > longestComparison - reserve) break
    kept.push(line)
    length += line.length + 1
  }
  if (kept.length < lines.length) kept.push(`… and ${counted(lines.length - kept.length, 'line')} more.`)
  return `${kept.join('\n')}\n`
}

/** So many of a topic that mean nothing are named on a terminal; regressions all are. */
const mostOnConsole = 8

function topicLines(topic: Topic, rows: readonly Change[]): string[] {
  const important = rows.filter(({ effect }) => effect === 'regression').length
  const shown = rows.slice(0, Math.max(important, mostOnConsole))
  const symbols: Readonly<Record<Change['effect'], string>> = { regression: '✗', improvement: '✓', neutral: ' ' }
  const text = columns(
    ['left', 'left', 'left', 'left', 'left', 'left'],
    shown.map(({ effect, subject, base, head, detail }) => [
      symbols[effect],
      clipped(subject),
      clipped(base),
      base === '' ? '' : '→',
      clipped(head),
      clipped(detail),
    ]),
  )
  const more = rows.length - shown.length
  return [`${titles[topic]} (${rows.length})`, ...text, ...(more === 0 ? [] : [`  … and ${more} more`])]
}
