import type { Corruption, Experiment } from '../../harness/hypothesis.ts'
import type { MeanRecord, StationaryRecord } from '../../observables/index.ts'
import type { RegressionSetting } from './setting.ts'

/** Faults that a measurement of SGD can have. */

function ofStationary(
  name: string,
  bug: string,
  change: (record: StationaryRecord, setting: RegressionSetting) => Partial<StationaryRecord>,
): Corruption<RegressionSetting> {
  return {
    name,
    bug,
    corrupt: (setting) => ({
      ...setting,
      stationary: changed(setting.stationary, (record: StationaryRecord) => ({
        ...record,
        ...change(record, setting),
      })),
    }),
  }
}

function ofMeans(
  name: string,
  bug: string,
  change: (record: MeanRecord, setting: RegressionSetting) => MeanRecord,
): Corruption<RegressionSetting> {
  return {
    name,
    bug,
    corrupt: (setting) => ({
      ...setting,
      displaced: changed(setting.displaced, (record: MeanRecord) => change(record, setting)),
    }),
  }
}

function changed<Measured, E extends Experiment<Measured>>(
  experiment: E & Experiment<Measured>,
  change: (record: Measured) => Measured,
): E {
  return { ...experiment, runReplica: (chain: number): Measured => change(experiment.runReplica(chain)) }
}

/** Curves of several modes, each shifted by one recorded step. // [mode, step] */
function oneStepLate(curves: Float64Array, stepCount: number): Float64Array {
  return curves.map((value, at) => (at % stepCount === 0 ? value : curves[at - 1]!))
}

export const corruptions: readonly Corruption<RegressionSetting>[] = [
  ofStationary(
    'positions about the origin',
    'x = θ instead of θ − μ',
    ({ positionSquare }, { problem: { minimum, outputCount } }) => ({
      positionSquare: positionSquare.map((square, l) => {
        let shifted = square
        for (let o = 0; o < outputCount; o++) shifted += minimum[l * outputCount + o]! ** 2
        return shifted
      }),
    }),
  ),
  ofStationary(
    'steps for velocities',
    'v measured as δ, without 1/η',
    ({ velocitySquare, squaredSpeed }, { hyperparameters: { learningRate } }) => ({
      velocitySquare: velocitySquare.map((square) => square * learningRate ** 2),
      squaredSpeed: squaredSpeed * learningRate ** 2,
    }),
  ),
  ofStationary('windows one lag off', 'each displacement booked under the lag before', ({ displacement }) => ({
    displacement: displacement.map((_, lag) => displacement[Math.min(lag + 1, displacement.length - 1)]!),
  })),
  ofStationary(
    'modes in the wrong order',
    'ascending where descending is meant',
    ({ positionSquare, velocitySquare }) => ({
      positionSquare: positionSquare.slice().reverse(),
      velocitySquare: velocitySquare.slice().reverse(),
    }),
  ),
  ofMeans('states one record late', 'each state booked under the step recorded after it', (record, { displaced }) => ({
    position: oneStepLate(record.position, displaced.steps.length),
    velocity: oneStepLate(record.velocity, displaced.steps.length),
  })),
]
