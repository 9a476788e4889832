import tQuantile from '@stdlib/stats-base-dists-t-quantile'
import { standardNormal } from '../../foundation/random/normal.ts'
import { type RandomState, streamOf } from '../../foundation/random/xoshiro128.ts'
import type { Look, SpecClaim, SpecReport, Verdict } from '../../foundation/results.ts'

/**
 * A run of specs whose truth is known, judged look by look as the harness does: skewed replicas on the log scale, heavy-tailed
 * ones on the linear scale, the worst of five coordinates, one long run in 30 batches, and a distribution.
 */
export function syntheticSpecs(seed: number, copies = 6): SpecReport {
  const claims = Array.from({ length: copies }, (_, copy) =>
    kinds.map((kind, index) => syntheticClaim(kind, seed, copy * kinds.length + index)),
  ).flat()
  return {
    schemaVersion: 1,
    seed,
    budget: 1,
    ledger: { falseAlarmRate: 1e-6, claimsMade: claims.length, alphaSpent: 1e-6 },
    summary: {
      required: { agrees: claims.length, disagrees: 0, inconclusive: 0, notAnswerable: 0 },
      compared: { agrees: 0, disagrees: 0, inconclusive: 0, notAnswerable: 0 },
      rivals: { rejected: claims.length, survived: 0, survivedCompared: 0, inseparable: 0 },
      passed: true,
    },
    claims,
    mutants: [
      {
        name: 'half lost',
        bug: 'a lost ½',
        caughtBy: [{ hypothesis: 'speed', caughtBy: [{ setting: 's', quantity: 'all modes' }] }],
      },
    ],
    calibration: [syntheticRow(seed, 'harness', 0.01), syntheticRow(seed, 'looks that each spend all', 0.08)],
    extrapolation: [],
  }
}

const kinds = ['skewed', 'heavy-tailed', 'coordinates', 'long-run', 'distribution'] as const
type Kind = (typeof kinds)[number]

const alpha = 1e-8
const phi = 1e-3

function syntheticClaim(kind: Kind, seed: number, index: number): SpecClaim & { file: string } {
  const random = streamOf(seed, index)
  const sizes = kind === 'long-run' ? [30] : [64, 128, 256]
  const truth = 1 + index
  const coordinates = kind === 'coordinates' ? 5 : 1
  const values: number[][] = Array.from({ length: coordinates }, () => [])
  // so wide that an interval of φ, 4.3 errors with 29 degrees of freedom, fits in though the estimate strays by 5 and its
  // error by a tenth
  const scale = kind === 'skewed' || kind === 'coordinates' || kind === 'long-run' ? 'log' : 'linear'
  const room = kind === 'distribution' ? 0.45 : (10 * spreads[kind]) / Math.sqrt(sizes.at(-1)!)
  const margin = scale === 'log' ? Math.expm1(room) : room
  const looks: Look[] = []
  let verdict: Verdict = 'inconclusive'
  for (const [number, replicas] of sizes.entries()) {
    for (const list of values) while (list.length < replicas) list.push(draw(kind, random))
    const spent = { alpha: alpha / 2 ** (number + 1), phi: phi / 2 ** (number + 1) }
    const candidates = values.map((list, coordinate) => lookAt(kind, list, truth, spent, coordinate, coordinates))
    const shown = candidates.reduce((worst, one) => (offBy(one, truth) > offBy(worst, truth) ? one : worst))
    looks.push(shown)
    verdict = verdictOf(shown, truth, margin, kind)
    if (verdict !== 'inconclusive') break
  }
  const last = looks.at(-1)!
  const id = `${kind}/setting ${index}/quantity`
  const prediction = kind === 'distribution' ? 0 : truth
  return {
    id,
    hypothesis: kind,
    claim: 'The mean is as predicted.',
    source: 'made up',
    setting: `setting ${index}`,
    quantity: 'quantity',
    evidence: ({ skewed: 'ratio', 'heavy-tailed': 'ratio' } as const)[kind as 'skewed'] ?? (kind as 'coordinates'),
    seed: seed * 4096 + index,
    scale,
    margin,
    marginReason: 'as tight as the budget answers',
    answerable: true,
    stepsBudget: sizes.at(-1)! * 1000,
    stepsNeeded: sizes.at(-1)! * 1000,
    stepsUsed: last.replicas * 1000,
    smallestDetectable: margin,
    looks,
    comparisons: [
      {
        theory: 'exact',
        role: 'required',
        prediction,
        ...(last.coordinate === undefined ? {} : { coordinate: last.coordinate }),
        verdict,
        difference: last.estimate / (prediction || 1) - 1,
        differenceInterval: [0, 0],
      },
      { theory: 'wrong', role: 'rival', prediction: 9 * truth, verdict: 'disagrees', separable: true, distance: 2 },
    ],
    verdict,
    replay: 'npx vitest run',
    file: `specs/${kind}.spec.ts`,
  }
}

/** Standard deviation of one replica, relative to the mean. */
const spreads: Readonly<Record<Exclude<Kind, 'distribution'>, number>> = {
  skewed: 0.5,
  'heavy-tailed': 1,
  coordinates: 0.5,
  'long-run': 0.25,
}

/** A replica's value over its mean; for a distribution: a uniform number. */
function draw(kind: Kind, random: RandomState): number {
  const normal = (): number => standardNormal(random)
  const squares = (count: number): number => Array.from({ length: count }, () => normal() ** 2).reduce((a, b) => a + b)
  switch (kind) {
    case 'heavy-tailed': // Student's t with 5 degrees of freedom, of variance 1
      return normal() / Math.sqrt(squares(5) / 5) / Math.sqrt(5 / 3)
    case 'distribution':
      return Math.exp(-squares(2) / 2) // uniform
    case 'long-run': // batches are long, and nearly normal
      return squares(32) / 32 // relative variance 1/16
    default:
      return squares(8) / 8 // relative variance ¼
  }
}

function lookAt(
  kind: Kind,
  values: readonly number[],
  truth: number,
  spent: { alpha: number; phi: number },
  coordinate: number,
  coordinates: number,
): Look {
  const replicas = values.length
  if (kind === 'distribution') {
    const sorted = [...values].sort((a, b) => a - b)
    const estimate = Math.max(...sorted.map((u, i) => Math.max((i + 1) / replicas - u, u - i / replicas)))
    const band = (rate: number): number => Math.sqrt(Math.log(2 / rate) / (2 * replicas))
    const around = (rate: number): [number, number] => [Math.max(0, estimate - band(rate)), estimate + band(rate)]
    return {
      replicas,
      ...spent,
      estimate,
      confidenceInterval: around(spent.alpha),
      equivalenceInterval: around(spent.phi),
    }
  }
  const mean = values.reduce((a, b) => a + b) / replicas
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (replicas - 1)
  const log = kind !== 'heavy-tailed'
  const standardError = Math.sqrt(variance / replicas) / (log ? mean : 1)
  const estimate = log ? truth * mean : truth + mean
  const around = (tail: number): [number, number] => {
    const half = quantile(tail, replicas - 1) * standardError
    return log ? [estimate * Math.exp(-half), estimate * Math.exp(half)] : [estimate - half, estimate + half]
  }
  return {
    replicas,
    ...spent,
    estimate,
    standardError,
    ...(coordinates === 1 ? {} : { coordinate: `coordinate ${coordinate}` }),
    confidenceInterval: around(spent.alpha / 2 / coordinates),
    equivalenceInterval: around(spent.phi),
  }
}

/** Found by iteration, and the same few are asked for again and again. */
const quantiles = new Map<string, number>()

function quantile(tail: number, degrees: number): number {
  const key = `${tail} ${degrees}`
  const known = quantiles.get(key) ?? -tQuantile(tail, degrees)
  quantiles.set(key, known)
  return known
}

function offBy({ estimate, standardError }: Look, truth: number): number {
  return Math.abs(Math.log(estimate / truth)) / (standardError ?? 1)
}

function verdictOf(
  { confidenceInterval: c, equivalenceInterval: e }: Look,
  truth: number,
  margin: number,
  kind: Kind,
): Verdict {
  const [low, high] =
    kind === 'distribution'
      ? [-margin, margin]
      : kind === 'heavy-tailed'
        ? [truth - margin, truth + margin]
        : [truth * (1 - margin), truth * (1 + margin)]
  if (c[1] < low || c[0] > high) return 'disagrees'
  return e[0] >= low && e[1] <= high ? 'agrees' : 'inconclusive'
}

function syntheticRow(seed: number, procedure: string, rate: number): SpecReport['calibration'][number] {
  const random = streamOf(seed, 4000 + procedure.length)
  const trials = 2000
  // the normal approximation of a binomial number, which is what it takes to scatter honestly
  const errors = Math.max(0, Math.round(trials * rate + Math.sqrt(trials * rate) * standardNormal(random)))
  return {
    ...{ source: 'gaussian', procedure, error: 'false alarm', design: 0.05, trials, errors },
    ...{ lower: 0, upper: 1, boundsFail: 0.01, answerable: true },
    finding: procedure === 'harness' ? 'within' : 'exceeds',
  }
}
