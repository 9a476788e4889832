import type { NetworkReport, NetworkRun } from '../../foundation/network-results.ts'
import { exponentLengthFigure } from '../figures/exponent-length.ts'
import type { Figure, FigureKind } from '../figures/figure.ts'
import { type ModeLaw, modeLaw, spreadOf, stepsPerTurn } from '../figures/mode-law.ts'
import { oscillationFigure } from '../figures/oscillation.ts'
import type { Path } from '../figures/path.ts'
import { phasePlaneFigure } from '../figures/phase-plane.ts'
import { positionPlaneFigure } from '../figures/position-plane.ts'
import type { Spread } from '../figures/rings.ts'
import { runDisplacementFigure } from '../figures/run-displacement.ts'
import { evenly } from '../figures/style.ts'
import { type Sweep, type SweepPoint, sweepFigure } from '../figures/sweep.ts'
import { type VelocityPlane, velocityPlaneFigure } from '../figures/velocity-plane.ts'
import { groupBy } from '../names.ts'

type Plane = NetworkReport['planes'][number]
type Hyperparameters = NetworkRun['hyperparameters']

/** The paper's Figure 1 has five. */
const shownRuns = 5
const shownPhasePlanes = 6

/** What repeats the paper's figures. */
const kinds: Readonly<Record<string, FigureKind>> = {
  1: 'run-displacement',
  4: 'position-plane',
  5: 'velocity-plane',
  6: 'phase-plane',
  7: 'sweep',
  8: 'oscillation',
  9: 'exponent-length',
}

/** Every figure that the report of a network has data for and that its experiment repeats, before rendering. */
export function networkFigures(report: NetworkReport): Figure[] {
  const { figures } = report.experiment
  const asked = figures.flatMap((figure) => kinds[figure] ?? [])
  const all = everyFigure(report)
  const shown = all.filter(({ kind }) => asked.includes(kind))
  return shown.length > 0 ? shown : all
}

function everyFigure(report: NetworkReport): Figure[] {
  const runs = runsAlone(report).slice(0, shownRuns)
  return [
    runDisplacementFigure(report, runs),
    exponentLengthFigure(
      report,
      runs.flatMap(({ label, globalDisplacement, exponents }) =>
        exponents ? [{ label, curve: globalDisplacement, ...exponents }] : [],
      ),
    ),
    ...report.planes.map((plane, place) => positionPlane(report, plane, place)),
    velocityPlaneFigure(
      'velocity-plane',
      report.planes.map((plane) => velocityPlane(report, plane)),
    ),
    ...runs.map((run, place) => phasePlanes(report, run, place)),
    sweepFigure(
      report,
      report.sweeps.map((sweep) => sweepOf(report, sweep)),
    ),
    ...runs.map((run, place) =>
      oscillationFigure(
        numbered('oscillation', place),
        run.label,
        report,
        run.modes.flatMap(({ mode, frequency, spectrum }) =>
          frequency ? [{ mode, eigenvalue: eigenvalueOf(report, mode), frequency, spectrum }] : [],
        ),
      ),
    ),
  ].filter((figure) => figure !== undefined)
}

/**
 * The runs that stand for themselves and not in a sweep, the first of those that differ in their seed alone; where there is
 * none, those that calibrate the sweeps.
 */
export function runsAlone({ runs, sweeps }: NetworkReport): NetworkRun[] {
  const swept = new Set(sweeps.flatMap((sweep) => sweep.runs))
  const alone = [...groupBy(runs, settingsOf).values()]
    .map(([first]) => first!)
    .filter(({ label }) => !swept.has(label))
  return alone.length > 0 ? alone : runs.filter(({ label }) => sweeps.some(({ calibration }) => calibration === label))
}

/** What runs that differ in their seed alone share. */
export function settingsOf({ hyperparameters, order, steps }: NetworkRun): string {
  return JSON.stringify([hyperparameters, order, steps])
}

function positionPlane(report: NetworkReport, plane: Plane, place: number): Figure {
  const run = runOf(report, plane.run)
  const path = pathOf(run, plane, 'position')
  const grid = { x: plane.x, y: plane.y }
  return positionPlaneFigure(numbered('position-plane', place), {
    label: run.label,
    modes: plane.modes,
    eigenvalues: eigenvaluesOf(report, plane),
    path,
    losses: [
      { name: 'train loss', grid: { ...grid, values: plane.trainLoss } },
      ...(plane.testLoss ? [{ name: 'test loss', grid: { ...grid, values: plane.testLoss } }] : []),
    ],
    stationary: planeSpread(report, run, plane, 'position'),
  })
}

function velocityPlane(report: NetworkReport, plane: Plane): VelocityPlane {
  const run = runOf(report, plane.run)
  return {
    label: run.label,
    modes: plane.modes,
    eigenvalues: eigenvaluesOf(report, plane),
    path: pathOf(run, plane, 'velocity'),
    stationary: planeSpread(report, run, plane, 'velocity'),
  }
}

function phasePlanes(report: NetworkReport, run: NetworkRun, place: number): Figure | undefined {
  const seen = run.modes.flatMap(({ mode, trajectory }) => (trajectory ? [{ mode, trajectory }] : []))
  return phasePlaneFigure(
    numbered('phase-plane', place),
    run.label,
    evenly(seen.length, shownPhasePlanes).map((i) => {
      const { mode, trajectory } = seen[i]!
      const turn = stepsPerTurn(run.hyperparameters, eigenvalueOf(report, mode))
      const law = stationaryLaw(report, run, mode)
      return {
        mode,
        eigenvalue: eigenvalueOf(report, mode),
        ...(turn === undefined ? {} : { turn }),
        path: { steps: trajectory.steps, x: trajectory.position, y: trajectory.velocity },
        stationary: law && spreadOf(law.position, law.velocity),
      }
    }),
  )
}

/** None where ρ ≤ 0. */
function stationaryLaw(report: NetworkReport, run: NetworkRun, mode: number): ModeLaw | undefined {
  const mean = run.modes.find((each) => each.mode === mode)?.stationaryMean
  const eigenvalue = eigenvalueOf(report, mode)
  const noise = report.noise.variance.value
  if (mean === undefined || !(eigenvalue > 0 && noise > 0)) return undefined
  return modeLaw(run.hyperparameters, eigenvalue, noise, mean)
}

function planeSpread(
  report: NetworkReport,
  run: NetworkRun,
  { modes }: Plane,
  coordinate: 'position' | 'velocity',
): Spread | undefined {
  const [x, y] = modes.map((mode) => stationaryLaw(report, run, mode))
  return x && y && spreadOf(x[coordinate], y[coordinate])
}

function sweepOf(report: NetworkReport, { parameter, runs, calibration }: NetworkReport['sweeps'][number]): Sweep {
  const calibrating = runOf(report, calibration)
  const scale = calibrating.localDisplacement.mean.value / equation18Factor(calibrating.hyperparameters)
  const points = [...new Set([...runs, calibration])].map((label): SweepPoint => {
    const run = runOf(report, label)
    return {
      value: run.hyperparameters[parameter],
      isDefault: label === calibration,
      last: run.localDisplacement.last,
      mean: run.localDisplacement.mean,
      calibratedSpeed: scale * equation18Factor(run.hyperparameters),
      predictedSpeeds: run.localDisplacement.predicted,
      exponent: run.globalDisplacement.fit.exponent,
      predictedExponents: run.globalDisplacement.predictedExponents,
    }
  })
  const values = points.map(({ value }) => value)
  const line = between(Math.min(...values), Math.max(...values), parameter === 'momentum')
  return {
    parameter,
    points,
    calibrated: {
      parameter: line,
      values: line.map((value) => scale * equation18Factor({ ...calibrating.hyperparameters, [parameter]: value })),
    },
  }
}

/** What eq. 18 multiplies σ² tr H by. */
function equation18Factor({ learningRate, momentum, batchSize }: Hyperparameters): number {
  return learningRate ** 2 / (batchSize * (1 - momentum ** 2))
}

function between(low: number, high: number, linear: boolean): number[] {
  const count = 33
  return Array.from({ length: count }, (_, i) => {
    const part = i / (count - 1)
    return linear ? low + part * (high - low) : low * (high / low) ** part
  })
}

function runOf(report: NetworkReport, label: string): NetworkRun {
  return report.runs.find((run) => run.label === label)!
}

function eigenvalueOf(report: NetworkReport, mode: number): number {
  return report.curvature.eigenvalues[mode - 1]!
}

function eigenvaluesOf(report: NetworkReport, { modes }: Plane): [number, number] {
  return [eigenvalueOf(report, modes[0]), eigenvalueOf(report, modes[1])]
}

/** Both trajectories are of the same steps: the schema says so. */
function pathOf(run: NetworkRun, plane: Plane, coordinate: 'position' | 'velocity'): Path {
  const [x, y] = plane.modes.map((mode) => run.modes.find((each) => each.mode === mode)!.trajectory!)
  return { steps: x!.steps, x: x![coordinate], y: y![coordinate] }
}

/** The name alone for the first, then with a number. */
function numbered(name: string, place: number): string {
  return place === 0 ? name : `${name}-${place + 1}`
}
