import { expect, test } from 'vitest'
import type { Report } from '../foundation/results.ts'
import { recordingAnswer, recordingLines, recordingNotes, recordingTable } from './recording.ts'

type Recording = NonNullable<Report['recording']>

const recording: Recording = {
  chains: 64,
  rows: 100,
  modes: 2,
  firstStep: 0,
  lastStep: 990,
  burnIn: 3,
  evidence: 'replicas',
  notes: ['weightDecay is not given: taken to be 0'],
  limits: [
    { hypothesis: 'rotation', missing: 'every row (every = 1)' },
    { hypothesis: 'isotropy', missing: 'batchSize' },
    { hypothesis: 'velocity-shape', missing: 'batchSize' },
  ],
}

const claim = (hypothesis: string, quantity: string, verdict: string | undefined, difference = 0) => ({
  hypothesis,
  quantity,
  scale: 'log',
  margin: 0.05,
  answerable: verdict !== undefined,
  reason: 'too few samples for the margin',
  comparisons: [
    {
      theory: 'discrete',
      role: 'compared',
      ...(verdict && { verdict, difference, differenceInterval: [difference - 0.01, difference + 0.01] }),
    },
  ],
})

/** The parts of a report that are said of a recording. */
function reportWith(claims: ReturnType<typeof claim>[], required = 0): Report {
  return {
    dataset: { name: 'run' },
    recording,
    claims,
    summary: {
      passed: true,
      required: { agrees: required, disagrees: 0, inconclusive: 0, notAnswerable: 0 },
      rivals: { rejected: 2, survived: 0, survivedCompared: 1, inseparable: 4 },
    },
  } as unknown as Report
}

const claims = [
  claim('isotropy', 'mode 1', 'agrees', 0.01),
  claim('isotropy', 'mode 2', 'disagrees', -0.2),
  claim('rotation', 'mode 1', undefined),
]

test('the outcome comes first: compared where nothing is required, counted where something is', () => {
  const [outcome, rivals, how] = recordingAnswer(reportWith(claims))
  expect(outcome).toBe(
    'run: nothing is required; of 2 claims compared 1 agree, 1 disagree, 0 inconclusive; 1 not answerable with so many rows.',
  )
  expect(rivals).toBe('Rivals: 2 rejected, 1 survived, 4 inseparable.')
  expect(how).toBe(
    "100 rows a chain (3 rows of burn-in left out), steps 0 to 990; 64 chains are replicas, intervals Student's over them.",
  )
  expect(recordingAnswer(reportWith(claims, 3))[0]).toContain('run: passed: 3 of 3 required claims agree')
})

test('a hypothesis is one line, with its claim furthest from the prediction in margins', () => {
  const [head, isotropy, rotation] = recordingTable(reportWith(claims))
  expect(head).toMatch(/^claims +agree +disagree +inconclusive +not answerable +furthest/)
  expect(isotropy).toMatch(/^isotropy +1 +1 +0 +0 +mode 2: −20.0 % ± 1.0 % from discrete, margin ±5 %$/)
  expect(rotation).toMatch(/^rotation +0 +0 +0 +1 +too few samples for the margin$/)
  expect(recordingTable(reportWith([]))).toEqual(['No claim could be asked.'])
})

test('what is missing is one line for all that want it', () => {
  expect(recordingNotes(recording)).toEqual([
    'Note: weightDecay is not given: taken to be 0.',
    'Not asked for want of every row (every = 1): rotation.',
    'Not asked for want of batchSize: isotropy, velocity-shape.',
  ])
  const [line] = recordingLines({ ...recording, chains: 1, evidence: 'long-run', burnIn: 0 })
  expect(line).toMatch(/^\*\*recorded\*\* 100 rows a chain, steps 0 to 990; one chain is one long run/)
})
