import type { CalibrationRow, Report, SpecReport } from '../../foundation/results.ts'
import { binomialTail } from '../../foundation/statistics/tail-probability.ts'
import { counted } from '../markdown-text.ts'
import { verdictNames } from '../names.ts'
import { formatCount, formatNumber, formatSetting } from '../numbers.ts'
import { compareBenchmarks } from './compare-benchmarks.ts'
import { type AnyClaim, type ClaimPair, comparePair, failing, movedChange } from './compare-claims.ts'
import { compareNetworks } from './compare-networks.ts'
import type { Change, Comparable, ReportComparison } from './comparison.ts'
import { comparisonOf, missingChange, named, type Rows } from './comparison-of.ts'
import { requireClaims, requireSame } from './requirements.ts'

/**
 * Holds two reports of one kind against each other.
 *
 * With the same seed and settings every number must be the same to the last digit, and one that is not is told with its
 * size. With other seeds estimates are held against each other by their standard errors, all of them together by Holm's rule
 * at 1e-5. Either way a changed number is a regression only from half its claim's margin on; so are verdicts that got worse, rows
 * that are missing, new claims that fail, and ratios of benchmarks that grew.
 *
 * @throws RangeError in one line for reports of two kinds, with other settings, or without claims
 */
export function compareReports(base: Comparable, head: Comparable): ReportComparison {
  if (base.kind === 'benchmarks' && head.kind === 'benchmarks') return compareBenchmarks(base.report, head.report)
  if (base.kind === 'specs' && head.kind === 'specs') return compareSpecs(base.report, head.report)
  if (base.kind === 'networks' && head.kind === 'networks') return compareNetworks(base.report, head.report)
  if (base.kind === 'verification' && head.kind === 'verification') {
    return compareVerifications(base.report, head.report)
  }
  throw new RangeError(
    `compareReports: both reports must be of one kind, got ${kindNames[base.kind]} and ${kindNames[head.kind]}`,
  )
}

export const kindNames: Readonly<Record<Comparable['kind'], string>> = {
  verification: 'a verification',
  specs: 'a run of the specs',
  benchmarks: 'benchmarks',
  networks: 'an experiment with a network',
}

function compareVerifications(base: Report, head: Report): ReportComparison {
  requireSameSettings(base, head)
  const sameRun = base.seed !== undefined && base.seed === head.seed
  const errata = compareErrata(base, head)
  return assembled('verification', base.claims, head.claims, sameRun, [errata], seedNotes(base, head))
}

function compareSpecs(base: SpecReport, head: SpecReport): ReportComparison {
  const sameRun = base.seed === head.seed && base.budget === head.budget
  const rows = [compareMutants(base, head), compareCalibration(base, head, sameRun)]
  const notes = [
    ...seedNotes(base, head),
    ...(base.budget === head.budget ? [] : [`Budget × ${base.budget} in the base, × ${head.budget} in the head.`]),
  ]
  const comparison = assembled('specs', base.claims, head.claims, sameRun, rows, notes)
  const there = new Set(head.claims.map(({ file }) => file))
  const gone = [...new Set(base.claims.map(({ file }) => file))].filter((file) => !there.has(file))
  if (gone.length === 0 || comparison.incomplete === undefined) return comparison
  return {
    ...comparison,
    incomplete: `${comparison.incomplete}; nothing of ${named(gone)}: a shard or a file is missing`,
  }
}

function assembled(
  kind: 'verification' | 'specs',
  base: readonly AnyClaim[],
  head: readonly AnyClaim[],
  sameRun: boolean,
  others: readonly Rows[],
  notes: readonly string[],
): ReportComparison {
  requireClaims(base, head)
  const steps = (list: readonly AnyClaim[]): number => list.reduce((sum, { stepsUsed }) => sum + stepsUsed, 0)
  return comparisonOf(
    kind,
    [compareClaims(base, head, sameRun), ...others],
    [...notes, `${formatCount(steps(base))} steps in the base, ${formatCount(steps(head))} in the head.`],
  )
}

function compareClaims(base: readonly AnyClaim[], head: readonly AnyClaim[], sameRun: boolean): Rows {
  const [before, after] = [byName(base), byName(head)]
  const rows: Rows = { changes: [], suspects: [], names: [...before.keys()], missing: [] }
  for (const [id, claim] of before) {
    const other = after.get(id)
    if (other === undefined) {
      rows.missing.push(id)
      rows.changes.push(missingChange(id, claim.verdict === undefined ? 'compared' : verdictNames[claim.verdict]))
      continue
    }
    const pair: ClaimPair = { id, base: claim, head: other, sameSeed: sameRun && claim.seed === other.seed }
    const { changes, shift } = comparePair(pair)
    rows.changes.push(...changes)
    if (shift !== undefined) {
      rows.suspects.push({ subject: id, chance: shift.chance, change: movedChange(pair, shift) })
    }
  }
  for (const [id, claim] of after) {
    if (before.has(id)) continue
    const verdict = claim.verdict === undefined ? 'compared' : verdictNames[claim.verdict]
    const effect = failing(claim.verdict) ? 'regression' : 'neutral'
    rows.changes.push({ topic: 'new', effect, subject: id, base: '', head: verdict, detail: '', size: 0 })
  }
  return rows
}

/** Claims by their ids; what has the id of an earlier one gets a number. */
function byName(claims: readonly AnyClaim[]): Map<string, AnyClaim> {
  const named = new Map<string, AnyClaim>()
  for (const claim of claims) {
    let name = claim.id
    for (let count = 2; named.has(name); count++) name = `${claim.id} (${count})`
    named.set(name, claim)
  }
  return named
}

/** A planted bug that nobody catches any more. */
function compareMutants(base: SpecReport, head: SpecReport): Rows {
  const rows: Rows = { changes: [], suspects: [], names: [], missing: [] }
  for (const { name, caughtBy } of base.mutants) {
    const subject = `planted bug: ${name}`
    rows.names.push(subject)
    const other = head.mutants.find((one) => one.name === name)
    if (other === undefined) {
      rows.missing.push(subject)
      rows.changes.push(missingChange(subject, caught(caughtBy.length)))
    } else if (other.caughtBy.length !== caughtBy.length) {
      const [from, to] = [caughtBy.length, other.caughtBy.length]
      const effect = to === 0 ? 'regression' : from === 0 ? 'improvement' : 'neutral'
      rows.changes.push({
        topic: 'verdict',
        effect,
        subject,
        base: caught(from),
        head: caught(to),
        detail: '',
        size: 0,
      })
    }
  }
  return rows
}

function caught(hypotheses: number): string {
  return hypotheses === 0 ? 'caught by nobody' : `caught by ${counted(hypotheses, 'hypothesis', 'hypotheses')}`
}

/** How often the judge errs, who must err rarely, and broken variants of it, which must err often. */
function compareCalibration(base: SpecReport, head: SpecReport, sameRun: boolean): Rows {
  const rows: Rows = { changes: [], suspects: [], names: [], missing: [] }
  const keyOf = ({ source, procedure, error, design }: CalibrationRow): string =>
    `error rate: ${procedure}, ${source}, ${error} at ${formatNumber(design)}`
  for (const row of base.calibration) {
    const subject = keyOf(row)
    rows.names.push(subject)
    const other = head.calibration.find((one) => keyOf(one) === subject)
    if (other === undefined) {
      rows.missing.push(subject)
      rows.changes.push(missingChange(subject, row.finding))
      continue
    }
    if (row.errors === other.errors && row.trials === other.trials && row.finding === other.finding) continue
    const worse = (row.procedure === 'harness') === other.errors / other.trials > row.errors / row.trials
    const change = (topic: Change['topic'], effect: Change['effect']): Change => ({
      ...{ topic, effect, subject },
      base: `${row.errors} of ${row.trials}, ${row.finding}`,
      head: `${other.errors} of ${other.trials}, ${other.finding}`,
      detail: '',
      size: 0,
    })
    if (sameRun) {
      const lost = row.finding !== other.finding && worse
      rows.changes.push(change(lost ? 'verdict' : 'computation', lost ? 'regression' : 'neutral'))
    } else {
      rows.suspects.push({
        subject,
        chance: sameRateChance(row, other),
        change: change('moved', worse ? 'regression' : 'neutral'),
      })
    }
  }
  return rows
}

/** Given all errors, those of one run are binomial if both err alike (Fisher's test for rare errors), two-sided. */
function sameRateChance(one: CalibrationRow, other: CalibrationRow): number {
  const errors = one.errors + other.errors
  const share = one.trials / (one.trials + other.trials)
  return Math.min(
    1,
    2 * Math.min(binomialTail(one.errors, errors, share), binomialTail(other.errors, errors, 1 - share)),
  )
}

/** What decides an erratum is computed, whatever the seed. */
function compareErrata(base: Report, head: Report): Rows {
  const rows: Rows = { changes: [], suspects: [], names: [], missing: [] }
  for (const { id, title, counterexample: before } of base.errata) {
    const subject = `erratum ${id}: ${title}`
    rows.names.push(subject)
    const after = head.errata.find((one) => one.id === id && one.title === title)?.counterexample
    if (after === undefined) {
      rows.missing.push(subject)
      rows.changes.push(missingChange(subject, formatNumber(before.corrected)))
      continue
    }
    const off = Math.abs(after.corrected - before.corrected)
    if (off === 0 && after.truth === before.truth) continue
    const holds = Math.abs(after.corrected - after.truth) <= after.tolerance
    rows.changes.push({
      topic: 'computation',
      effect: holds ? 'neutral' : 'regression',
      subject,
      base: formatNumber(before.corrected),
      head: formatNumber(after.corrected),
      detail: holds ? `by ${formatSetting(off)}` : 'truth and correction differ beyond their tolerance',
      size: before.tolerance > 0 ? off / before.tolerance : 0,
    })
  }
  return rows
}

/** What makes two verifications say something of the same thing. */
function requireSameSettings(base: Report, head: Report): void {
  const settings = ({ dataset, hyperparameters, recording }: Report): Record<string, number | string | undefined> => ({
    ...{ dataset: dataset.name, examples: dataset.examples, features: dataset.features, outputs: dataset.outputs },
    'learning rate': Number(hyperparameters.learningRate.toPrecision(9)), // may be chosen by a computation
    ...{ momentum: hyperparameters.momentum, 'weight decay': hyperparameters.weightDecay },
    ...{ 'batch size': hyperparameters.batchSize, source: recording === undefined ? 'simulated' : 'recorded' },
  })
  requireSame(settings(base), settings(head))
}

function seedNotes(
  base: { readonly seed?: number | undefined },
  head: { readonly seed?: number | undefined },
): string[] {
  if (base.seed === undefined || head.seed === undefined) return ['No seed is known: taken for other samples.']
  return [
    base.seed === head.seed
      ? `Same seed, ${base.seed}: numbers of the same samples must be the same to the last digit.`
      : `Seed ${base.seed} in the base, ${head.seed} in the head: estimates scatter.`,
  ]
}
