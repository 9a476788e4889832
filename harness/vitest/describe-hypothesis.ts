import { describe, expect, type TestContext, test } from 'vitest'
import type { Role, SpecClaim } from '../../foundation/results.ts'
import { claimOf } from '../claim.ts'
import { explain } from '../explain.ts'
import type { Hypothesis, Setting, Suite } from '../hypothesis.ts'
import { type JudgedClaim, judge, unsampled } from '../judge.ts'
import type { Ledger } from '../ledger.ts'
import { judgeMutant, tellingPlans } from '../mutation.ts'
import { type PlannedClaim, planClaims } from '../plan.ts'
import { specBudget, specSeed } from './environment.ts'
import { replayCommand } from './replay.ts'
import { leaveRecord } from './spec-record.ts'

/**
 * Turns a hypothesis into tests: at each setting one for every quantity, and one for every rival that can be told apart there.
 * Required claims must agree; where they do, separable rivals must be rejected on the same samples. Where the reference only
 * idealises, what it is off by goes to the report and is never red. Every planted bug that would show must be caught.
 *
 * Claims are made when tests are collected; the first test of a setting that runs samples for all of them.
 */
export function describeHypothesis<S extends Setting, Measured>(
  hypothesis: Hypothesis<S, Measured>,
  suite: Suite<S>,
): void {
  const { settings, ledger } = suite
  describe(`${hypothesis.id}: ${hypothesis.claim}`, () => {
    const asked = settings.map((setting): AskedSetting<S, Measured> => {
      const plans = planClaims(hypothesis, setting, ledger)
      let judgement: Promise<readonly JudgedClaim<S, Measured>[]> | undefined
      const judged = (): Promise<readonly JudgedClaim<S, Measured>[]> => {
        judgement ??= judge(plans, ledger).then(({ claims }) => claims)
        return judgement
      }
      return { setting, plans, judged }
    })
    for (const one of asked) describeSetting(one, ledger)
    describeMutants(hypothesis, suite, asked)

    test('at least two rivals can be told apart', () => {
      const separable = new Set(
        asked.flatMap(({ plans }) =>
          plans.flatMap(({ comparisons, refusal }) =>
            comparisons.filter(({ separable }) => separable && refusal === undefined).map(({ theory }) => theory.name),
          ),
        ),
      )
      expect([...separable].length, `separable rivals: ${[...separable].join(', ')}`).toBeGreaterThanOrEqual(2)
    })
  })
}

interface AskedSetting<S extends Setting, Measured> {
  readonly setting: S
  readonly plans: readonly PlannedClaim<S, Measured>[]
  /** Samples at the first call. // [plan] */
  readonly judged: () => Promise<readonly JudgedClaim<S, Measured>[]>
}

function describeSetting<S extends Setting, Measured>(
  { setting, plans, judged }: AskedSetting<S, Measured>,
  ledger: Ledger,
): void {
  describe(setting.name, () => {
    plans.forEach((plan, index) => {
      const { quantity, refusal, reference } = plan
      if (refusal !== undefined) {
        const needed =
          plan.stepsNeeded === undefined ? 'no number of steps would do' : `would need ${plan.stepsNeeded} steps`
        const claim = specClaim(unsampled(plan), ledger, '')
        test(`${quantity.name}: not answerable, ${refusal}; ${needed}`, {
          skip: true,
          meta: { sgdOracle: { claim } },
        }, () => {})
        return
      }
      const verdictOfClaim = async (context: TestContext): Promise<SpecClaim> => {
        const claim = specClaim((await judged())[index]!, ledger, replayOf(context))
        leaveRecord(context, { claim })
        return claim
      }
      if (!setting.required) {
        test(`${quantity.name} is compared with ${reference.name}`, async (context) => {
          const claim = await verdictOfClaim(context)
          expect(claim.looks.length, `${claim.id}: nothing was measured: ${claim.reason}`).toBeGreaterThan(0)
        })
        return
      }
      test(`${quantity.name} agrees with ${reference.name}`, async (context) => {
        expectVerdict(await verdictOfClaim(context), 'required', reference.name, 'agrees')
      })
      for (const { theory, separable } of plan.comparisons) {
        if (!separable) continue
        test(`${quantity.name} rejects ${theory.name}`, async (context) => {
          expectVerdict(
            specClaim((await judged())[index]!, ledger, replayOf(context)),
            'rival',
            theory.name,
            'disagrees',
          )
        })
      }
    })
  })
}

/** One test for each bug that some required, answerable claim can tell from the reference: one of them must say so. */
function describeMutants<S extends Setting, Measured>(
  hypothesis: Hypothesis<S, Measured>,
  { mutants }: Suite<S>,
  asked: readonly AskedSetting<S, Measured>[],
): void {
  for (const mutant of mutants) {
    const telling = asked.filter(({ plans }) => tellingPlans(mutant, plans).length > 0)
    if (telling.length === 0) continue
    test(`catches the ${mutant.small ? 'error' : 'bug'}: ${mutant.name}`, async (context) => {
      const caughtBy = []
      for (const { plans, judged } of telling)
        caughtBy.push(...judgeMutant(mutant, tellingPlans(mutant, plans), await judged()))
      leaveRecord(context, {
        mutant: { name: mutant.name, bug: mutant.bug, hypothesis: hypothesis.id, caughtBy },
      })
      expect(
        caughtBy.length,
        `${mutant.name} (${mutant.bug}): no claim of ${hypothesis.id} rejects it`,
      ).toBeGreaterThan(0)
    })
  }
}

function specClaim<S extends Setting, Measured>(
  judged: JudgedClaim<S, Measured>,
  ledger: Ledger,
  replay: string,
): SpecClaim {
  const { setting } = judged.plan
  const { hyperparameters } = setting
  return {
    ...claimOf(judged, ledger, replay),
    setting: setting.name,
    ...(setting.sampling === undefined ? {} : { sampling: setting.sampling }),
    ...(hyperparameters === undefined ? {} : { hyperparameters }),
  }
}

function replayOf({ task }: TestContext): string {
  const names: string[] = [task.name]
  for (let suite = task.suite; suite !== undefined; suite = suite.suite) names.unshift(suite.name)
  return replayCommand(task.file.name, names.join(' '), { seed: specSeed(), budget: specBudget() })
}

function expectVerdict(claim: SpecClaim, role: Role, theory: string, verdict: 'agrees' | 'disagrees'): void {
  const comparison = claim.comparisons.find((one) => one.role === role && one.theory === theory)!
  expect(comparison.verdict, explain(claim, comparison)).toBe(verdict)
}
