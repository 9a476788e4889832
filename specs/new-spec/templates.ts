/** What a new hypothesis starts as: it compiles, and fails until its margin and its rivals are filled in. */

/** my-hypothesis → myHypothesis. */
export function variableName(id: string): string {
  return id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

export function hypothesisText(id: string): string {
  return `import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { StationaryRecord } from '../../observables/index.ts'
import type { RegressionSetting } from '../regression/setting.ts'
import { referenceOf, stationarySpread } from '../regression/spread.ts'

/** Fails until every FILL IN is gone: docs/adding-a-hypothesis.md walks through one. */
export const ${variableName(id)}: Hypothesis<RegressionSetting, StationaryRecord> = {
  id: '${id}',
  // What is said of SGD, in one sentence that can be wrong.
  claim: 'FILL IN',
  // Equation or section, and the exact form where the paper's is a limit.
  source: 'FILL IN',
  // 'log' for positive quantities: margins are relative. 'linear' for others: margins are in the quantity's own unit.
  scale: 'log',
  // How far a theory may be off and still agree; of several, ascending, the tightest that the budget answers is taken.
  // FILL IN: pooled quantities at most 0.01, single modes 0.05 to 0.1.
  margin: Number.NaN,
  // Why not tighter, why not looser: what lies beyond it that must be told apart.
  marginReason: 'FILL IN',
  // What is sampled: \`stationary\` or \`displaced\` of the setting, or an experiment of your own.
  experiment: ({ stationary }) => stationary,
  // FILL IN the names of the theories that must lose: at least two have to be separable at some setting.
  rivals: () => [],
  quantities(setting) {
    const { learningRate, momentum } = setting.hyperparameters
    const expected = referenceOf(setting).velocityVariance!()
    return [
      {
        // The kind of evidence: ratio, function, coordinates, long-run, distribution or exact (harness/quantity.ts).
        kind: 'ratio',
        name: 'all modes',
        // The same number from any theory; undefined where it does not say.
        predict: ({ predictions }) => predictions.localDisplacement?.(),
        // The same number from one replica's record; a pair for a ratio of means.
        measure: ({ squaredSpeed }) => learningRate ** 2 * squaredSpeed,
        // How much one replica scatters: the plan's cost and power rest on it, and replicas that scatter more decide nothing.
        spread: stationarySpread(setting, expected, setting.memory.velocitySteps),
        // What a replica must forget, in steps.
        relaxationSteps: 1 / (1 - momentum),
        refusal: setting.varianceRefusal,
      },
    ]
  },
}
`
}

export function specText(id: string): string {
  return `import { describeHypothesis } from '../harness/vitest/index.ts'
import { ${variableName(id)} } from './hypotheses/${id}.ts'
import { regression } from './regression/settings.ts'

describeHypothesis(${variableName(id)}, regression)
`
}

/** Row of the table in docs/hypotheses.md. */
export function docsRow(id: string, claim: string, source: string): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|')
  return `| [${id}](../specs/hypotheses/${id}.ts) | ${cell(claim)} | ${cell(source)} |`
}
