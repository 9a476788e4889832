import type { PlannedClaim } from '../harness/plan.ts'
import type { RegressionSetting } from '../specs/regression/setting.ts'
import type { VerificationPlan } from '../specs/regression/verify.ts'

/** What `verify --dry-run` prints: settings, limits and every claim with its cost, before anything is sampled. */
export function renderPlan(plan: VerificationPlan): string {
  const { problem, hyperparameters, limits, ledger, schemes, request } = plan
  const { dataset } = request
  const number = (value: number): string => value.toPrecision(4)
  const lines = [
    `${dataset.name}: ${problem.exampleCount} examples, ${dataset.featureCount} features, ${problem.outputCount} output${problem.outputCount === 1 ? '' : 's'}; ${problem.modeCount} modes move, ${problem.nullModeCount} null modes left out`,
    ...(dataset.droppedColumns.length > 0 ? [`constant columns dropped: ${dataset.droppedColumns.join(', ')}`] : []),
    `η = ${number(hyperparameters.learningRate)} (${plan.learningRateReason}), β = ${hyperparameters.momentum}, λ = ${hyperparameters.weightDecay}, S = ${hyperparameters.batchSize}, seed ${request.seed}`,
    `stability limits of η: mean ${number(limits.mean)}; second moments ${number(limits.meanSquare.withReplacement)} with replacement, ${number(limits.meanSquare.withoutReplacement)} without`,
    `false alarms ${ledger.falseAlarmRate} for the suite, ${ledger.alphaPerClaim.toExponential(1)} for each of ${ledger.claims} claims; false passes ${ledger.falsePassRate} a claim`,
  ]
  for (const { setting, stationary, displaced } of schemes) {
    lines.push('', `${setting.name}, judged against: ${setting.reference}${setting.required ? '' : ' (compared only)'}`)
    const rows = [...stationary.map((claim) => rowOf(claim)), ...displaced.map((claim) => rowOf(claim))]
    lines.push(...columns([['claim', 'prediction', 'margin', 'detects', 'steps', 'budget', ''], ...rows]))
  }
  return `${lines.join('\n')}\n`
}

function rowOf<Measured>({
  hypothesis,
  quantity,
  scale,
  margin,
  comparisons,
  smallestDetectable,
  stepsNeeded,
  stepsBudget,
  refusal,
}: PlannedClaim<RegressionSetting, Measured>): string[] {
  const size = (value: number): string => (scale === 'log' ? `${(100 * value).toPrecision(2)} %` : value.toPrecision(2))
  return [
    `  ${hypothesis.id}: ${quantity.name}`,
    comparisons[0]!.prediction.toPrecision(4),
    size(margin),
    size(smallestDetectable),
    stepsNeeded === undefined ? '' : stepsNeeded.toLocaleString('en'),
    stepsBudget.toLocaleString('en'),
    refusal === undefined ? '' : `not answerable: ${refusal}`,
  ]
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 || column === row.length - 1 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  )
}
