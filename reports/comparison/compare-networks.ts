import type { NetworkClaim, NetworkReport } from '../../foundation/network-results.ts'
import { counted } from '../markdown-text.ts'
import { groupBy, verdictNames } from '../names.ts'
import { formatMargin, formatNumber, formatSetting } from '../numbers.ts'
import { type AnyClaim, type ClaimPair, compareNumbers, movedChange, verdictEffect } from './compare-claims.ts'
import type { Change, ReportComparison } from './comparison.ts'
import { comparisonOf, missingChange, type Rows } from './comparison-of.ts'
import { requireClaims, requireSame } from './requirements.ts'

/**
 * Holds two reports of one experiment with a network against each other.
 *
 * With the same seeds all numbers must be the same to the last digit, those of the network that the runs start from too. With
 * other seeds of the runs, from the same network, what was measured is held against each other by its standard errors. Theory
 * idealises a network, so verdicts may change with the seeds and are told only; with the same seeds one that got worse is a
 * regression.
 *
 * @throws RangeError in one line for other settings, another network where the runs start, or no claims
 */
export function compareNetworks(base: NetworkReport, head: NetworkReport): ReportComparison {
  requireClaims(base.claims, head.claims)
  const [before, after] = [seedsBySetting(base), seedsBySetting(head)]
  const shared = [...before.keys()].filter((setting) => after.has(setting))
  requireSame(settingsOf(base, shared), settingsOf(head, shared))
  const same = new Set(shared.filter((setting) => String(before.get(setting)) === String(after.get(setting))))
  const isSameRun = same.size === shared.length
  // whoever does not name the seeds of pre-training is believed to have the same ones where those of the runs are the same
  if ((base.seeds === undefined || head.seeds === undefined) && !isSameRun) requireSame(startOf(base), startOf(head))
  const claims = compareNetworkClaims(base, head, same)
  const unknown = base.claims.filter(({ standardError }) => standardError === undefined).length
  const seeds = (by: ReadonlyMap<string, readonly number[]>): string => [...new Set([...by.values()].flat())].join(', ')
  return comparisonOf(
    'networks',
    [compareStarts(base, head), claims],
    [
      isSameRun
        ? `Same seeds, ${seeds(before)}: on one kind of processor numbers must be the same to the last digit.`
        : `Seeds ${seeds(before)} in the base, ${seeds(after)} in the head: estimates scatter.`,
      ...(isSameRun || unknown === 0
        ? []
        : [`${counted(unknown, 'claim')} without a standard error: compared by verdicts only.`]),
      `${counted(base.runs.length, 'run')} in the base, ${counted(head.runs.length, 'run')} in the head.`,
    ],
  )
}

/** A run's setting: its label, without the seed that tells runs of one setting apart. */
function settingOf({ label, seed }: NetworkReport['runs'][number]): string {
  const suffix = `, seed ${seed}`
  return label.endsWith(suffix) ? label.slice(0, -suffix.length) : label
}

/** // [run of the setting] */
function seedsBySetting({ runs }: NetworkReport): Map<string, number[]> {
  const groups = groupBy(runs, settingOf)
  return new Map([...groups].map(([setting, list]) => [setting, list.map(({ seed }) => seed)]))
}

/** What both must have been asked; with other seeds before the runs the network is another one. */
function settingsOf(
  { experiment, data, network, backend, pretraining, curvature, seeds, runs }: NetworkReport,
  shared: readonly string[],
): Record<string, number | string | undefined> {
  const settings = shared.map((setting) => {
    const { hyperparameters, order, steps } = runs.find((run) => settingOf(run) === setting)!
    const { learningRate, momentum, weightDecay, batchSize } = hyperparameters
    const text = `η = ${learningRate}, β = ${momentum}, λ = ${weightDecay}, S = ${batchSize}, ${order}, ${steps} steps`
    return [`run ${setting}`, text] as const
  })
  return {
    experiment: experiment.name,
    ...{ data: `${data.name}, ${data.about}`, examples: data.examples },
    ...{ network: network.about, parameters: network.parameters },
    ...{ backend: backend.name, 'pre-training': pretraining.about },
    ...{ 'examples of the curvature': curvature.examples, eigenvectors: curvature.eigenvalues.length },
    ...Object.fromEntries(Object.entries(seeds ?? {}).map(([name, seed]) => [`seed of ${name}`, seed])),
    ...Object.fromEntries(settings),
  }
}

/** Numbers that show whether two networks are one. */
function startOf({ pretraining, curvature, noise }: NetworkReport): Record<string, number> {
  return {
    'train loss at the start': pretraining.trainLoss,
    'gradient norm at the start': pretraining.gradientNorm,
    'tr H at the start': curvature.trace.value,
    'tr Σ at the start': noise.trace.value,
    ...(curvature.eigenvalues[0] === undefined ? {} : { 'largest eigenvalue at the start': curvature.eigenvalues[0] }),
  }
}

/** Of the same seeds whatever differs was computed differently. */
function compareStarts(base: NetworkReport, head: NetworkReport): Rows {
  const after = startOf(head)
  const before = Object.entries(startOf(base))
  const changes = before.flatMap(([subject, value]): Change[] => {
    const other = after[subject]!
    if (other === value) return []
    const detail = `${other > value ? '+' : ''}${formatSetting(100 * (other / value - 1))} %, no margin`
    const numbers = { base: formatNumber(value), head: formatNumber(other) }
    return [{ topic: 'computation', effect: 'neutral', subject, ...numbers, detail, size: 0 }]
  })
  return { changes, suspects: [], names: before.map(([subject]) => subject), missing: [] }
}

function compareNetworkClaims(base: NetworkReport, head: NetworkReport, same: ReadonlySet<string>): Rows {
  const [before, after] = [claimsByName(base), claimsByName(head)]
  const rows: Rows = { changes: [], suspects: [], names: [...before.keys()], missing: [] }
  for (const [id, { claim, setting }] of before) {
    const other = after.get(id)?.claim
    if (other === undefined) {
      rows.missing.push(id)
      rows.changes.push(missingChange(id, verdictText(claim)))
      continue
    }
    const sameSeed = same.has(setting)
    rows.changes.push(...verdictChange(id, claim, other, sameSeed), ...marginChange(id, claim, other))
    const unit = Math.abs(claim.prediction)
    const pair: ClaimPair = { id, base: comparable(id, claim, unit), head: comparable(id, other, unit), sameSeed }
    const { changes, shift } = compareNumbers(pair)
    rows.changes.push(...changes)
    if (shift !== undefined) rows.suspects.push({ subject: id, chance: shift.chance, change: movedChange(pair, shift) })
  }
  for (const [id, { claim }] of after) {
    if (before.has(id)) continue
    rows.changes.push({
      ...{ topic: 'new', effect: 'neutral', subject: id },
      ...{ base: '', head: verdictText(claim), detail: '', size: 0 },
    })
  }
  return rows
}

/** Claims by setting, quantity and theory; of further runs of the setting with their number among them, whatever their seed. */
function claimsByName({
  runs,
  claims,
}: NetworkReport): Map<string, { readonly claim: NetworkClaim; readonly setting: string }> {
  const places = new Map(
    [...groupBy(runs, settingOf)].flatMap(([setting, list]) =>
      list.map(({ label }, place) => [label, { setting, name: place === 0 ? setting : `${setting} (${place + 1})` }]),
    ),
  )
  return new Map(
    claims.map((claim) => {
      const { setting, name } = places.get(claim.run)!
      return [`${name}/${claim.quantity}/${claim.theory}`, { claim, setting }]
    }),
  )
}

function verdictText({ verdict }: NetworkClaim): string {
  return verdict === undefined ? 'no verdict' : verdictNames[verdict]
}

function verdictChange(id: string, base: NetworkClaim, head: NetworkClaim, sameSeed: boolean): Change[] {
  if (base.verdict === head.verdict) return []
  const detail = `ratio ${ratioText(base)} → ${ratioText(head)}`
  return [
    {
      topic: 'verdict',
      effect: sameSeed ? verdictEffect(base.verdict, head.verdict) : 'neutral',
      subject: id,
      ...{ base: verdictText(base), head: verdictText(head), detail, size: 0 },
    },
  ]
}

function ratioText({ measured, prediction }: NetworkClaim): string {
  return formatNumber(measured / prediction)
}

function marginChange(id: string, { margin: before }: NetworkClaim, { margin: after }: NetworkClaim): Change[] {
  if (before === after || before === undefined || after === undefined) return []
  return [
    {
      ...{ topic: 'margin', effect: 'neutral', subject: id },
      ...{ base: formatMargin('log', before), head: formatMargin('log', after) },
      detail: after > before ? 'wider' : 'tighter',
      size: Math.abs(Math.log(after / before)),
    },
  ]
}

/** Of a scatter that the theory gives, or that one run's batches do: known no better than from so many. */
const assumedParts = 30

/**
 * A network's claim as others are: on the linear scale, for exponents and rotations have either sign, looked at once.
 *
 * @param unit size of the prediction that margins are relative to
 */
function comparable(id: string, claim: NetworkClaim, unit: number): AnyClaim {
  const { measured, prediction, standardError, theory, margin, verdict } = claim
  const interval: [number, number] = [measured, measured] // read by no comparison of a single coordinate
  return {
    id,
    scale: 'linear',
    // what nobody judged has no size that would matter
    margin: margin === undefined ? Number.POSITIVE_INFINITY : margin * unit,
    looks: [
      {
        replicas: claim.replicas ?? assumedParts,
        alpha: claim.alpha ?? 0,
        phi: claim.phi ?? 0,
        estimate: measured,
        ...(standardError === undefined ? {} : { standardError }),
        confidenceInterval: interval,
        equivalenceInterval: interval,
      },
    ],
    comparisons: [{ theory, role: 'compared', prediction, verdict: verdict ?? 'not-answerable' }],
    ...(verdict === undefined ? {} : { verdict }),
    stepsUsed: 0,
  }
}
