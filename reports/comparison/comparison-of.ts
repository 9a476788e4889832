import { counted, inWords } from '../markdown-text.ts'
import { formatCount } from '../numbers.ts'
import { partSeparator } from './compare-claims.ts'
import { type Change, type ComparableKind, type ReportComparison, topics } from './comparison.ts'
import { holmRejections } from './holm.ts'

/** How often a comparison of honest runs with other seeds may call anything moved. */
export const comparisonFalseAlarmRate = 1e-5

/** A row that may have moved, with the chance of moving so far honestly. */
export interface Suspect {
  readonly subject: string
  readonly chance: number
  readonly change: Change
}

/** What one side or both have under a name. */
export interface Rows {
  readonly changes: Change[]
  readonly suspects: Suspect[]
  readonly names: string[]
  readonly missing: string[]
}

/** All rows of two reports in one comparison: what differs, and of what may have moved that which chance does not explain. */
export function comparisonOf(kind: ComparableKind, all: readonly Rows[], notes: readonly string[]): ReportComparison {
  const suspects = all.flatMap((rows) => rows.suspects)
  const rejected = holmRejections(
    suspects.map(({ chance }) => chance),
    comparisonFalseAlarmRate,
  )
  const changes = ordered([
    ...all.flatMap((rows) => rows.changes),
    ...suspects.filter((_, index) => rejected[index]).map(({ change }) => change),
  ])
  const names = all.flatMap((rows) => rows.names)
  const missing = all.flatMap((rows) => rows.missing)
  const known = new Set(names)
  const touched = new Set(changes.map(({ subject }) => rowOf(subject, known)))
  return {
    kind,
    rows: names.length,
    changes,
    unchanged: names.filter((name) => !touched.has(name)),
    regressions: changes.filter(({ effect }) => effect === 'regression').length,
    ...(missing.length === 0
      ? {}
      : {
          incomplete: `${counted(missing.length, 'row')} of the base ${missing.length === 1 ? 'is' : 'are'} missing: ${named(missing)}`,
        }),
    notes: [
      ...notes,
      ...(suspects.length === 0
        ? []
        : [
            `${counted(suspects.length, 'estimate')} with other samples held against each other; honest runs would show one as moved once in ${formatCount(1 / comparisonFalseAlarmRate)}.`,
          ]),
    ],
  }
}

/** Subjects are a row, or a part of it. */
function rowOf(subject: string, names: ReadonlySet<string>): string {
  return names.has(subject) ? subject : subject.slice(0, Math.max(0, subject.lastIndexOf(partSeparator)))
}

/** What only the base has. */
export function missingChange(subject: string, was: string): Change {
  return { topic: 'missing', effect: 'regression', subject, base: was, head: 'missing', detail: '', size: 0 }
}

/** A few names, and how many more. */
export function named(names: readonly string[]): string {
  const shown = 3
  if (names.length <= shown) return inWords(names)
  return `${names.slice(0, shown).join(', ')} and ${names.length - shown} more`
}

const effects: readonly Change['effect'][] = ['regression', 'improvement', 'neutral']

/** By topic, regressions first, then by size; otherwise as they came. */
export function ordered(changes: readonly Change[]): Change[] {
  return [...changes].sort(
    (a, b) =>
      topics.indexOf(a.topic) - topics.indexOf(b.topic) ||
      effects.indexOf(a.effect) - effects.indexOf(b.effect) ||
      (a.size === b.size ? 0 : b.size - a.size),
  )
}
