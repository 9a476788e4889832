/**
 * A report made by formulas, for the tests of this folder: a network that is exactly quadratic, with Σ = σ²H, whose modes are
 * stepped one by one. Two runs at the default, one of them with noise that sums to zero over an epoch, and three sweeps.
 */
import type { NetworkReport, NetworkRun } from '../../foundation/network-results.ts'
import { fitPowerLaw } from '../../foundation/power-law.ts'

interface Hyperparameters {
  readonly learningRate: number
  readonly momentum: number
  readonly weightDecay: number
  readonly batchSize: number
}

const defaults: Hyperparameters = { learningRate: 0.02, momentum: 0.9, weightDecay: 1e-3, batchSize: 64 }
const noiseVariance = 0.35
const eigenvalues = Array.from({ length: 40 }, (_, l) => 9.3 * 0.82 ** l)
const topCount = 12
const trackedModes = [1, 2, 3, 4, 5, 6, 8, 10, 12]
const drawnModes = [1, 3, 5, 8, 10, 12]
const epochLength = 20
/** Where the stationary mean lies, seen from the start. */
const meanOf = (mode: number): number => (mode <= topCount ? 0.012 / (mode + 1) : 0)

/** Normal deviates, the same for the same seed. */
function normals(seed: number): () => number {
  let state = seed >>> 0
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state + 0.5) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const denominator = (h: Hyperparameters, rho: number): number =>
  2 * (1 + h.momentum) - h.learningRate * (rho + h.weightDecay)
/** Stationary variances of discrete SGD. */
const velocityVariance = (h: Hyperparameters, rho: number): number =>
  (2 * noiseVariance * rho) / (h.batchSize * (1 - h.momentum) * denominator(h, rho))
const positionVariance = (h: Hyperparameters, rho: number): number =>
  (h.learningRate * (1 + h.momentum) * noiseVariance * rho) /
  (h.batchSize * (1 - h.momentum) * (rho + h.weightDecay) * denominator(h, rho))
/** The equation numbered 18. */
const equation18 = (h: Hyperparameters): number =>
  (h.learningRate ** 2 * noiseVariance * sum(eigenvalues)) / (h.batchSize * (1 - h.momentum ** 2))
const discreteSpeed = (h: Hyperparameters): number =>
  h.learningRate ** 2 * sum(eigenvalues.map((rho) => velocityVariance(h, rho)))

interface Chain {
  /** // [step] */
  readonly local: number[]
  readonly global: number[]
  /** of the tracked modes, seen from the start // [mode][step] */
  readonly positions: number[][]
  readonly velocities: number[][]
}

function chain(h: Hyperparameters, steps: number, seed: number, shuffled: boolean): Chain {
  const next = normals(seed)
  const out: Chain = {
    local: new Array<number>(steps).fill(0),
    global: new Array<number>(steps).fill(0),
    positions: [],
    velocities: [],
  }
  for (const [l, rho] of eigenvalues.entries()) {
    const mean = meanOf(l + 1)
    const size = Math.sqrt((noiseVariance * rho) / h.batchSize)
    const [xs, vs]: [number[], number[]] = [[], []]
    let [x, v] = [0, 0]
    let epoch: number[] = []
    for (let k = 0; k < steps; k++) {
      if (shuffled && k % epochLength === 0) {
        const drawn = Array.from({ length: epochLength }, next)
        epoch = drawn.map((value) => value - sum(drawn) / epochLength)
      }
      const noise = size * (shuffled ? epoch[k % epochLength]! : next())
      v = h.momentum * v - (rho + h.weightDecay) * (x - mean) - noise
      x += h.learningRate * v
      out.local[k]! += (h.learningRate * v) ** 2
      out.global[k]! += x * x
      xs.push(x)
      vs.push(v)
    }
    if (trackedModes.includes(l + 1)) {
      out.positions.push(xs)
      out.velocities.push(vs)
    }
  }
  return out
}

/** E‖Δ_k‖² of discrete SGD from the chain's start, after each step. */
function expectedDisplacement(h: Hyperparameters, steps: number): number[] {
  const values = new Array<number>(steps).fill(0)
  for (const [l, rho] of eigenvalues.entries()) {
    const curvature = rho + h.weightDecay
    const noise = (noiseVariance * rho) / h.batchSize
    const [a, b, c] = [1 - h.learningRate * curvature, h.learningRate * h.momentum, -curvature]
    const mean = meanOf(l + 1)
    let [x, v, xx, xv, vv] = [-mean, 0, 0, 0, 0]
    for (let k = 0; k < steps; k++) {
      ;[x, v] = [a * x + b * v, c * x + h.momentum * v]
      ;[xx, xv, vv] = [
        a * a * xx + 2 * a * b * xv + b * b * vv + h.learningRate ** 2 * noise,
        a * c * xx + (a * h.momentum + b * c) * xv + b * h.momentum * vv + h.learningRate * noise,
        c * c * xx + 2 * c * h.momentum * xv + h.momentum ** 2 * vv + noise,
      ]
      values[k]! += (x + mean) ** 2 + xx
    }
  }
  return values
}

function logSpaced(last: number, count: number): number[] {
  return [...new Set(Array.from({ length: count }, (_, i) => Math.round(last ** (i / (count - 1)))))]
}

/** Every n-th step, counted from 1. */
function thinned(values: readonly number[], stride: number): number[] {
  return values.filter((_, i) => (i + 1) % stride === 0)
}

function blockMeans(values: readonly number[], length: number): number[] {
  return Array.from(
    { length: Math.floor(values.length / length) },
    (_, i) => sum(values.slice(i * length, (i + 1) * length)) / length,
  )
}

/** Amplitude-weighted mean frequency, and amplitudes in bins of a ratio. */
function oscillation(frequencies: readonly number[], amplitudes: readonly number[]) {
  const mean = sum(amplitudes.map((a, i) => a * frequencies[i]!)) / sum(amplitudes)
  const bins = new Map<number, number[]>()
  for (const [i, f] of frequencies.entries()) {
    const bin = Math.floor(Math.log(f) * 8)
    bins.set(bin, [...(bins.get(bin) ?? []), i])
  }
  const smooth = [...bins.values()].map((places) => ({
    frequency: sum(places.map((i) => frequencies[i]!)) / places.length,
    amplitude: sum(places.map((i) => amplitudes[i]!)) / places.length,
  }))
  return { mean, frequencies: smooth.map((row) => row.frequency), amplitudes: smooth.map((row) => row.amplitude) }
}

const pointCount = 256
const binFrequencies = Array.from({ length: pointCount / 2 }, (_, bin) => (2 * Math.PI * (bin + 1)) / pointCount)
const cosines = Array.from({ length: pointCount }, (_, j) => Math.cos((2 * Math.PI * j) / pointCount))
const cosine = (j: number): number => cosines[((j % pointCount) + pointCount) % pointCount]!

function amplitudes(values: readonly number[]): number[] {
  return binFrequencies.map((_, bin) => {
    const real = sum(values.map((value, k) => value * cosine((bin + 1) * k)))
    const imaginary = sum(values.map((value, k) => value * cosine((bin + 1) * k - pointCount / 4)))
    return Math.hypot(real, imaginary)
  })
}

/** Root of the expected periodogram, times what makes a Rayleigh mean of it. */
function expectedAmplitudes(h: Hyperparameters, rho: number): { position: number[]; velocity: number[] } {
  const curvature = rho + h.weightDecay
  const [xs, vs] = [positionVariance(h, rho), velocityVariance(h, rho)]
  const cross = (h.learningRate / 2) * vs
  const correlations: { position: number[]; velocity: number[] } = { position: [], velocity: [] }
  // rows of Mʲ against the covariance
  let [a, b, c, d] = [1, 0, 0, 1]
  for (let j = 0; j < pointCount; j++) {
    correlations.position.push(a * xs + b * cross)
    correlations.velocity.push(c * cross + d * vs)
    const [m11, m12, m21, m22] = [1 - h.learningRate * curvature, h.learningRate * h.momentum, -curvature, h.momentum]
    ;[a, b, c, d] = [m11 * a + m12 * c, m11 * b + m12 * d, m21 * a + m22 * c, m21 * b + m22 * d]
  }
  const of = (lags: readonly number[]): number[] =>
    binFrequencies.map((_, bin) => {
      const power = sum(lags.map((r, j) => (j === 0 ? 1 : 2) * (pointCount - j) * r * cosine((bin + 1) * j)))
      return Math.sqrt((Math.PI / 4) * Math.max(power, 0))
    })
  return { position: of(correlations.position), velocity: of(correlations.velocity) }
}

function modes(h: Hyperparameters, { positions, velocities }: Chain, detailed: boolean): NetworkRun['modes'] {
  if (!detailed) return []
  return trackedModes.map((mode, place) => {
    const [xs, vs, rho] = [positions[place]!, velocities[place]!, eigenvalues[mode - 1]!]
    const meanPosition = sum(xs) / xs.length
    const stride = 2
    const records = Array.from({ length: 4 }, (_, i) => xs.length - (i + 1) * pointCount)
    const measured = [xs, vs].map((values) => records.map((from) => amplitudes(values.slice(from, from + pointCount))))
    const seen = measured.map((lists) => oscillation(binFrequencies, averaged(lists)))
    const errors = measured.map((lists) => {
      const each = lists.map((list) => oscillation(binFrequencies, list).mean)
      const mean = sum(each) / each.length
      return Math.sqrt(sum(each.map((value) => (value - mean) ** 2)) / (each.length - 1) / each.length)
    })
    const expected = expectedAmplitudes(h, rho)
    const [position, velocity] = [expected.position, expected.velocity].map((list) => oscillation(binFrequencies, list))
    return {
      mode,
      stationaryMean: meanOf(mode),
      variance: {
        position: { value: sum(xs.map((x) => (x - meanPosition) ** 2)) / xs.length },
        velocity: { value: sum(vs.map((v) => v * v)) / vs.length },
        predicted: [{ theory: 'discrete', position: positionVariance(h, rho), velocity: velocityVariance(h, rho) }],
      },
      ...(drawnModes.includes(mode)
        ? {
            trajectory: {
              steps: thinned(
                xs.map((_, k) => k + 1),
                stride,
              ).slice(0, 700),
              position: thinned(xs, stride).slice(0, 700),
              velocity: thinned(vs, stride).slice(0, 700),
            },
          }
        : {}),
      frequency: {
        position: { value: seen[0]!.mean, standardError: errors[0]! },
        velocity: { value: seen[1]!.mean, standardError: errors[1]! },
        predicted: [{ theory: 'discrete', position: position!.mean, velocity: velocity!.mean }],
      },
      spectrum: {
        frequencies: seen[0]!.frequencies,
        position: seen[0]!.amplitudes,
        velocity: seen[1]!.amplitudes,
        predicted: [{ theory: 'discrete', position: position!.amplitudes, velocity: velocity!.amplitudes }],
      },
    }
  })
}

function averaged(lists: readonly (readonly number[])[]): number[] {
  return lists[0]!.map((_, i) => sum(lists.map((list) => list[i]!)) / lists.length)
}

function run(
  label: string,
  seed: number,
  changes: Partial<Hyperparameters>,
  steps: number,
  detailed: boolean,
  order: NetworkRun['order'] = 'with-replacement',
): NetworkRun {
  const h = { ...defaults, ...changes }
  const walked = chain(h, steps, seed, order === 'shuffled-epochs')
  const blockLength = steps / 256
  const blocks = blockMeans(walked.local, blockLength)
  const mean = sum(walked.local) / steps
  const long = blockMeans(walked.local, steps / 16)
  const saved = logSpaced(steps, 40)
  const fitFrom = detailed ? Math.round(steps / 3) : 1
  const fitted = (values: readonly number[], at: readonly number[], from: number, to: number) => {
    const places = at.flatMap((step, i) => (step >= from && step <= to ? [i] : []))
    return fitPowerLaw(
      places.map((i) => at[i]!),
      places.map((i) => values[i]!),
    )
  }
  const every = walked.global.map((_, k) => k + 1)
  const measured = fitted(walked.global, every, fitFrom, steps)
  const everywhere = expectedDisplacement(h, steps)
  const expected = saved.map((step) => everywhere[step - 1]!)
  const predictedExponent = fitted(everywhere, every, fitFrom, steps).exponent
  const lengths = [1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1].map((part) => part * steps)
  const growing = lengths.map((length) => fitted(walked.global, every, 1, length))
  const predictedGrowing = lengths.map((length) => fitted(everywhere, every, 1, length).exponent)
  return {
    label,
    seed,
    hyperparameters: h,
    order,
    steps,
    localDisplacement: {
      last: walked.local.at(-1)!,
      mean: {
        value: mean,
        standardError: Math.sqrt(sum(long.map((value) => (value - mean) ** 2)) / 15 / 16),
      },
      blockLength,
      steps: blocks.map((_, i) => (i + 1) * blockLength),
      values: blocks,
      predicted: [
        { theory: 'discrete', value: discreteSpeed(h) },
        { theory: 'langevin', value: equation18(h) },
      ],
    },
    globalDisplacement: {
      steps: saved,
      values: saved.map((step) => walked.global[step - 1]!),
      fit: { from: fitFrom, to: steps, ...measured },
      predicted: [{ theory: 'discrete', values: expected }],
      predictedExponents: [
        {
          theory: 'discrete',
          value: predictedExponent,
          low: predictedExponent - 0.3,
          high: predictedExponent + 0.3,
        },
      ],
    },
    ...(detailed
      ? {
          exponents: {
            lengths,
            measured: growing.map(({ exponent }) => exponent),
            prefactors: growing.map(({ prefactor }) => prefactor),
            predicted: [
              {
                theory: 'discrete',
                values: predictedGrowing,
                low: predictedGrowing.map((value, i) => value - 0.25 - 0.02 * i),
                high: predictedGrowing.map((value, i) => value + 0.25 + 0.02 * i),
              },
            ],
          },
        }
      : {}),
    loss: {
      steps: blocks.map((_, i) => (i + 1) * blockLength).filter((_, i) => i % 8 === 7),
      values: blocks.filter((_, i) => i % 8 === 7).map((value) => 0.0412 + 3 * value),
    },
    modes: modes(h, walked, detailed),
  }
}

/** A report that has every part a report can have. */
export function networkFixture(): NetworkReport {
  made ??= makeReport()
  return structuredClone(made)
}

let made: NetworkReport | undefined

function makeReport(): NetworkReport {
  const long = 2048
  const main = run('default', 1, {}, long, true)
  const shuffled = run('default, shuffled epochs', 2, {}, long, true, 'shuffled-epochs')
  const short = 1024
  const sweepOf = (parameter: 'learningRate' | 'momentum' | 'batchSize', name: string, values: readonly number[]) =>
    values.map((value, i) => run(`${name} = ${value}`, 10 + i, { [parameter]: value }, short, false))
  const calibration = run('the sweeps’ default', 9, {}, short, false)
  const rates = sweepOf('learningRate', 'η', [0.002, 0.005, 0.01, 0.03, 0.06])
  const momenta = sweepOf('momentum', 'β', [0.8, 0.85, 0.88, 0.93, 0.96])
  const sizes = sweepOf('batchSize', 'S', [8, 16, 32, 128, 256])
  const labels = (runs: readonly NetworkRun[]): string[] => [calibration, ...runs].map(({ label }) => label)
  const side = Array.from({ length: 20 }, (_, i) => -0.11 + (0.22 * i) / 19)
  const bowl = (floor: number, tilt: number, [i, j]: readonly [number, number]): number[] =>
    side.flatMap((y) =>
      side.map(
        (x) => floor + 0.5 * (eigenvalues[i - 1]! * x * x + eigenvalues[j - 1]! * y * y) + 18 * x ** 3 + tilt * (y - x),
      ),
    )
  const trace = sum(eigenvalues)
  const speed = main.localDisplacement.mean.value
  const slow = shuffled.modes.at(-1)!.variance!.position.value
  const around = (ratio: number, factor: number): [number, number] => [ratio / factor, ratio * factor]
  return {
    schemaVersion: 1,
    kind: 'network',
    program: { name: 'sgd-oracle', version: '0.1.0' },
    command: 'sgd-oracle empirical empirical/experiments/figure-7-small.json --seed 1',
    experiment: {
      name: 'figure-7-small',
      figures: ['1', '4', '5', '6', '7', '8', '9'],
      about:
        'A converged network goes on with fixed hyperparameters; each of η, β and S is varied with the others fixed.',
    },
    backend: { name: 'wasm', reason: 'no GPU was found' },
    data: {
      name: 'optdigits',
      about: '8×8 grey images of digits, scaled to [−1, 1]; ten classes',
      examples: 1280,
      testExamples: 517,
    },
    network: {
      name: 'mlp-64-32-10',
      about: 'dense 64–32–10, tanh between them; mean cross-entropy',
      parameters: 2410,
    },
    theories: [
      { name: 'langevin', title: 'Langevin dynamics', source: 'secs. 4–8' },
      { name: 'discrete', title: 'exact discrete SGD, Σ = σ²H', source: 'AR(2) of each mode' },
    ],
    pretraining: {
      about: 'SGD with momentum 0.9, η from 0.1 down to 0.02 in three parts',
      steps: 12000,
      trainLoss: 0.04121,
      testLoss: 0.1172,
      trainAccuracy: 0.9945,
      testAccuracy: 0.9671,
      gradientNorm: 3.2e-4,
    },
    curvature: {
      examples: 1280,
      method: 'lanczos',
      eigenvalues: eigenvalues.slice(0, topCount),
      residuals: eigenvalues.slice(0, topCount).map((_, l) => 1e-7 * 4 ** l),
      converged: eigenvalues.slice(0, topCount).map((_, l) => l < 11),
      trace: { value: trace, standardError: 0.6 },
      density: { nodes: [8.9, 3.1, 0.8, 0.1, 0.002], counts: [1.1, 4.2, 9.7, 25.3, 2369.7] },
    },
    noise: {
      trace: { value: noiseVariance * trace, standardError: 0.2 },
      variance: { value: noiseVariance, standardError: 0.011 },
      alignment: eigenvalues.slice(0, topCount).map((_, l) => 1.4 - 0.08 * l),
    },
    runs: [main, shuffled, calibration, ...rates, ...momenta, ...sizes],
    sweeps: [
      { parameter: 'batchSize', runs: labels(sizes), calibration: calibration.label },
      { parameter: 'learningRate', runs: labels(rates), calibration: calibration.label },
      { parameter: 'momentum', runs: labels(momenta), calibration: calibration.label },
    ],
    planes: [
      {
        run: 'default',
        modes: [1, 12],
        x: side,
        y: side,
        trainLoss: bowl(0.0412, 0, [1, 12]),
        testLoss: bowl(0.117, 0.04, [1, 12]),
      },
    ],
    claims: [
      {
        run: 'default',
        quantity: 'speed E‖δ‖²',
        source: 'eq. 18, exact in discrete time',
        theory: 'discrete',
        prediction: discreteSpeed(defaults),
        measured: speed,
        ratioInterval: around(speed / discreteSpeed(defaults), 1.04),
        alpha: 1e-3,
        margin: 0.1,
        verdict: 'agrees',
      },
      {
        run: 'default, shuffled epochs',
        quantity: 'position variance along eigenvector 12',
        source: 'eq. 11, exact in discrete time',
        theory: 'discrete',
        prediction: positionVariance(defaults, eigenvalues[11]!),
        measured: slow,
        ratioInterval: around(slow / positionVariance(defaults, eigenvalues[11]!), 1.2),
        alpha: 1e-3,
        margin: 0.1,
        verdict: 'disagrees',
        note: 'noise of an epoch sums to zero, which this theory leaves out',
      },
      {
        run: 'default',
        quantity: 'isotropy Var x₁ / Var x₁₂',
        source: 'eq. 15',
        theory: 'langevin',
        prediction: 1.0001,
        measured: 0.91,
        ratioInterval: [0.6, 1.4],
        alpha: 1e-3,
        margin: 0.2,
        verdict: 'inconclusive',
      },
      {
        run: 'default',
        quantity: 'exponent c of the last 2/3',
        source: 'sec. 8, Fig. 1',
        theory: 'discrete',
        prediction: main.globalDisplacement.predictedExponents[0]!.value,
        measured: main.globalDisplacement.fit.exponent,
        note: 'one run: no interval',
      },
    ],
    findings: [
      'Σ is not σ²H: along the top eigenvectors qᵀΣq/ρ falls from 1.40 to 0.52 times its mean.',
      'Eigenvector 12 did not converge (residual 0.42): its predictions stand on a guess.',
    ],
  }
}
