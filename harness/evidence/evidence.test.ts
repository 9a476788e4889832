import { describe, expect, test } from 'vitest'
import { standardNormal } from '../../foundation/random/normal.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import type { Experiment } from '../hypothesis.ts'
import { ledgerFor, spentAtLook } from '../ledger.ts'
import type {
  CoordinatesQuantity,
  DistributionQuantity,
  ExactQuantity,
  FunctionQuantity,
  LongRunQuantity,
} from '../quantity.ts'
import { logSpread } from '../spread.ts'
import { type Evidence, evidenceOf, type Holding, type Reading } from './index.ts'

/** Each kind of evidence on samples whose truth is known. Error rates are the calibration's; here is what verdicts hold. */

const ledger = ledgerFor(100)
const spent = spentAtLook(ledger, 1)

function replicas(count: number, samplesPerReplica = 1): Experiment<number> {
  return {
    name: 'known',
    looks: [count],
    stepsPerReplica: samplesPerReplica,
    samplesPerReplica,
    runReplica: (chain) => chain,
  }
}

/** Reads so many records, numbered from 0. */
function readingOf<T>(evidence: Evidence<number, T>, records: number, reference: T): Reading<T> {
  const { add, read } = evidence.recorder()
  for (let record = 0; record < records; record++) add(record)
  return read(spent, reference)
}

const verdict = (holding: Holding | undefined): string | undefined => holding?.verdict

describe('coordinates', () => {
  const names = ['steep', 'middle', 'flat']
  const noise = names.map((_, c) => {
    const state = streamOf(c, 0)
    return Float64Array.from({ length: 1000 }, () => standardNormal(state))
  })
  const quantity: CoordinatesQuantity<number, readonly number[]> = {
    kind: 'coordinates',
    name: 'three means',
    coordinates: names.map((name) => ({
      name,
      spread: { varianceSteps: 0.01, asymmetrySteps: 0 },
      relaxationSteps: 0,
    })),
    predict: (values) => values,
    // means 1, 2, 3 with deviation 0.1
    measure: (record) => names.map((_, c) => c + 1 + 0.1 * noise[c]![record]!),
  }
  const evidence = evidenceOf(quantity, { scale: 'linear', margin: 0.05 }, replicas(1000), ledger)
  const reading = readingOf(evidence, 1000, [1, 2, 3])

  test('one claim agrees where all coordinates do', () => {
    const holding = reading.against([1.01, 2, 2.99])
    expect(verdict(holding)).toBe('agrees')
    expect(holding!.rejected).toEqual([])
  })

  test('it disagrees where one does, which is named with the numbers reported', () => {
    const holding = reading.against([1, 2.2, 3])!
    expect(holding).toMatchObject({ verdict: 'disagrees', coordinate: 'middle', prediction: 2.2, rejected: ['middle'] })
    expect(holding.difference).toBeCloseTo(-0.2, 1)
  })

  test('Holm names all that disagree, the worst first', () => {
    expect(reading.against([1.3, 2, 3.5])).toMatchObject({ coordinate: 'flat', rejected: ['flat', 'steep'] })
  })

  test('one undecided coordinate leaves the claim undecided', () => {
    expect(verdict(reading.against([1.05, 2, 3]))).toBe('inconclusive')
  })

  test('theories are told apart by the coordinate in which that is easiest', () => {
    expect(evidence.apart([1, 2.01, 3.4], [1, 2, 3])).toMatchObject({
      coordinate: 'flat',
      separable: true,
      differs: true,
    })
    expect(evidence.apart([1, 2.01, 3], [1, 2, 3])).toMatchObject({ separable: false, differs: false })
  })

  test('a coordinate is held to a share of α: its interval is wider than if it were alone', () => {
    const alone = evidenceOf(
      {
        ...quantity,
        coordinates: quantity.coordinates.slice(0, 1),
        measure: (record) => [1 + 0.1 * noise[0]![record]!],
      },
      { scale: 'linear', margin: 0.05 },
      replicas(1000),
      ledger,
    )
    const [low, high] = readingOf(alone, 1000, [1]).look.confidenceInterval
    const [from, to] = readingOf(evidence, 1000, [2, 2, 3]).look.confidenceInterval
    expect(to - from).toBeGreaterThan(1.01 * (high - low))
    expect(evidence.power.smallestDetectable).toBeGreaterThan(alone.power.smallestDetectable)
  })

  test('as many numbers as coordinates are asked of theories and records', () => {
    expect(() => evidence.says([1])).toThrow('predict must give 3 coordinates, got 1')
    const short = evidenceOf(
      { ...quantity, measure: () => [1] },
      { scale: 'linear', margin: 0.05 },
      replicas(10),
      ledger,
    )
    expect(() => short.recorder().add(0)).toThrow('measure must give 3 coordinates, got 1')
  })
})

describe('a function of means', () => {
  // E a = 4, E b = 2, both known to 1 % a replica
  const state = streamOf(20, 0)
  const records = Array.from({ length: 200 }, () => [
    4 + 0.04 * standardNormal(state),
    2 + 0.02 * standardNormal(state),
  ])
  const quantity: FunctionQuantity<number, number> = {
    kind: 'function',
    name: 'exponent between two lags',
    predict: (theory) => theory,
    measure: (record) => records[record]!,
    of: (means) => Math.log2(means[0]! / means[1]!),
    spread: { varianceSteps: 2 * (0.01 / Math.LN2) ** 2, asymmetrySteps: 0 },
    relaxationSteps: 0,
  }

  test('is judged by its own value and the jackknife', () => {
    const evidence = evidenceOf(quantity, { scale: 'linear', margin: 0.02 }, replicas(200), ledger)
    const reading = readingOf<number>(evidence, 200, 1)
    expect(reading.look.estimate).toBeCloseTo(1, 2)
    expect(reading.look.standardError).toBeCloseTo((0.01 * Math.SQRT2) / Math.LN2 / Math.sqrt(200), 3)
    expect([1, 1.2].map((theory) => verdict(reading.against(theory)))).toEqual(['agrees', 'disagrees'])
  })
})

describe('replicas that scatter more than planned', () => {
  test('decide nothing, and say so', () => {
    const state = streamOf(21, 0)
    const evidence = evidenceOf(
      {
        kind: 'ratio',
        name: 'mean',
        predict: (theory: number) => theory,
        measure: () => 10 + standardNormal(state),
        spread: { varianceSteps: 0.2, asymmetrySteps: 0 },
        relaxationSteps: 0,
      },
      { scale: 'linear', margin: 2 },
      replicas(100),
      ledger,
    )
    const reading = readingOf<number>(evidence, 100, 10)
    expect(reading.look.doubt).toMatch(/^replicas scatter [23]\.\d+ times as much as planned$/)
    expect([10, 20].map((theory) => verdict(reading.against(theory)))).toEqual(['inconclusive', 'inconclusive'])
  })

  test('are not even asked for where the plan knows that there is no variance', () => {
    const { power } = evidenceOf(
      {
        kind: 'ratio',
        name: 'mean',
        predict: (theory: number) => theory,
        measure: (record: number) => record,
        spread: { varianceSteps: Number.POSITIVE_INFINITY, asymmetrySteps: 0 },
        relaxationSteps: 0,
      },
      { scale: 'linear', margin: 2 },
      replicas(100),
      ledger,
    )
    expect(power).toMatchObject({ looks: [], refusal: 'its variance is infinite' })
    expect(power).not.toHaveProperty('stepsNeeded')
  })
})

describe('one long run', () => {
  // AR(1) at 0.5 about 3: memory 3, variance 4/3
  const pieces = 4
  const pieceLength = 4000
  const state = streamOf(22, 0)
  let value = 0
  const run = Float64Array.from({ length: pieces * pieceLength }, () => {
    value = 0.5 * value + standardNormal(state)
    return 3 + value
  })
  const quantity: LongRunQuantity<number, number> = {
    kind: 'long-run',
    name: 'mean',
    predict: (theory) => theory,
    measure: (piece) => run.subarray(piece * pieceLength, (piece + 1) * pieceLength),
    spread: { varianceSteps: 4, asymmetrySteps: 0 },
    memorySamples: 3,
  }
  const experiment: Experiment<number> = {
    ...replicas(pieces, pieceLength),
    looks: [1, 2, 4],
  }

  test('is cut into batches as its pieces are strung together, with length and correlation time reported', () => {
    const evidence = evidenceOf(quantity, { scale: 'linear', margin: 0.3 }, experiment, ledger)
    expect(evidence.power.looks).toEqual([2, 3]) // 4,000 samples are too few for 30 batches of 150 with room to spare
    const reading = readingOf<number>(evidence, pieces, 3)
    const { batches, replicas: count } = reading.look
    expect(batches!.correlationTime).toBeCloseTo(3, 0)
    expect(count).toBe(Math.floor(run.length / batches!.length))
    expect([3, 4].map((theory) => verdict(reading.against(theory)))).toEqual(['agrees', 'disagrees'])
  })

  test('too short for 30 batches it decides nothing', () => {
    const evidence = evidenceOf(quantity, { scale: 'linear', margin: 0.3 }, experiment, ledger)
    const { add, read } = evidence.recorder()
    add(0)
    expect(read(spent, 3).look.doubt).toMatch(/the run remembers/)
    expect(verdict(read(spent, 3).against(10))).toBe('inconclusive')
  })

  test('is planned as not answerable if it remembers too long', () => {
    const slow = evidenceOf({ ...quantity, memorySamples: 30 }, { scale: 'linear', margin: 0.3 }, experiment, ledger)
    expect(slow.power.refusal).toBe('a memory of 30.0 samples needs a run of 67500')
    expect(slow.power.stepsNeeded).toBe(67500)
  })
})

describe('a distribution', () => {
  const state = streamOf(23, 0)
  const records = Array.from({ length: 2000 }, () => Array.from({ length: 5 }, () => standardNormal(state) ** 2))
  // squares of normals; x = 2 log 2 … against exponentials of the same mean
  const squares = (x: number): number => (x <= 0 ? 0 : errorFunction(Math.sqrt(x / 2)))
  const exponential = (x: number): number => (x <= 0 ? 0 : -Math.expm1(-x))
  const quantity: DistributionQuantity<number, (x: number) => number> = {
    kind: 'distribution',
    name: 'law',
    predict: (law) => law,
    measure: (record) => records[record]!,
    valuesPerReplica: 5,
  }

  test('agrees with its law and not with another of the same mean', () => {
    const evidence = evidenceOf(quantity, { scale: 'linear', margin: 0.07 }, replicas(2000), ledger)
    expect(evidence.power.refusal).toBeUndefined()
    const reading = readingOf(evidence, 2000, squares)
    expect([squares, exponential].map((law) => verdict(reading.against(law)))).toEqual(['agrees', 'disagrees'])
    expect(reading.look).toMatchObject({ replicas: 2000 })
    expect(reading.look).not.toHaveProperty('standardError')
    const apart = evidence.apart(exponential, squares)!
    expect(reading.against(exponential)!.difference).toBeCloseTo(apart.distance, 1)
  })

  test('is planned by its bands: what stray and pass band need must fit the margin', () => {
    const { power } = evidenceOf(quantity, { scale: 'linear', margin: 0.03 }, replicas(2000), ledger)
    expect(power.refusal).toBe('too few values for the margin')
    const enough = evidenceOf(quantity, { scale: 'linear', margin: 0.03 }, replicas(power.stepsNeeded!), ledger)
    expect(enough.power.refusal).toBeUndefined()
  })
})

describe('an exact claim', () => {
  const quantity: ExactQuantity<readonly number[] | undefined> = {
    kind: 'exact',
    name: 'numbers',
    predict: (theory) => theory,
    compute: () => [1, 2, 3],
  }
  const evidence = evidenceOf<number, readonly number[] | undefined>(
    quantity,
    { scale: 'linear', margin: 1e-12 },
    undefined,
    ledger,
  )
  const reading = evidence.recorder().read({ alpha: 0, phi: 0 }, [1, 2, 3])

  test('agrees or disagrees, nothing between, and names the number that is off most', () => {
    expect(verdict(reading.against([1, 2 + 1e-13, 3]))).toBe('agrees')
    expect(reading.against([1, 2.5, 3.1])).toMatchObject({ verdict: 'disagrees', coordinate: 'number 2 of 3' })
    expect(verdict(reading.against([1, Number.NaN, 3]))).toBe('disagrees')
    expect(reading.against(undefined)).toBeUndefined()
  })

  test('costs nothing and tells any difference beyond its tolerance', () => {
    expect(evidence.power).toMatchObject({ stepsNeeded: 0, smallestDetectable: 0 })
    expect(evidence.apart([1, 2, 3 + 1e-11], [1, 2, 3])).toMatchObject({ separable: true, coordinate: 'number 3 of 3' })
  })

  test('needs as many numbers on both sides', () => {
    expect(() => reading.against([1])).toThrow('as many numbers must be predicted as computed, got 1 against 3')
  })
})

test('samples need an experiment', () => {
  const quantity: CoordinatesQuantity<number, readonly number[]> = {
    kind: 'coordinates',
    name: 'three',
    coordinates: [{ name: 'one', spread: logSpread(2, 8), relaxationSteps: 0 }],
    predict: (values) => values,
    measure: (record) => [record],
  }
  expect(() => evidenceOf(quantity, { scale: 'log', margin: 1 }, undefined, ledger)).toThrow(
    'evidenceOf: three: an experiment must be given for a quantity of kind coordinates, got none',
  )
})

/** erf by its series, for the chi-squared law of one degree of freedom. */
function errorFunction(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 500; n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return Math.min(1, (2 / Math.sqrt(Math.PI)) * sum)
}
