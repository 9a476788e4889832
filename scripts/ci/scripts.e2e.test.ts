import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'

const here = resolve('scripts/ci')
const root = mkdtempSync(join(tmpdir(), 'sgd-oracle-ci-'))
afterAll(() => rmSync(root, { recursive: true }))

let folder: string
let count = 0
beforeEach(() => {
  folder = join(root, String(count++))
  mkdirSync(join(folder, 'bin'), { recursive: true })
})

function file(name: string, content: string): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

/** An answer to whatever is asked of `gh` that contains the words; `file` is written into the folder after `--dir`. */
interface Answer {
  readonly words: string
  readonly out?: unknown
  readonly file?: readonly [name: string, content: string]
}

interface Call {
  readonly args: readonly string[]
  readonly body?: { readonly body: string; readonly title?: string }
}

/** A program on PATH that answers as told and writes down what it was asked; what nobody expects fails. */
function fake(program: string, answers: readonly Answer[]): void {
  const path = file(
    `bin/${program}`,
    `#!/usr/bin/env node
const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs')
const args = process.argv.slice(2)
const body = args.includes('--input') ? JSON.parse(readFileSync(0, 'utf8')) : undefined
appendFileSync(${JSON.stringify(join(folder, 'calls'))}, JSON.stringify({ args, body }) + '\\n')
const answer = ${JSON.stringify(answers)}.find(({ words }) => args.join(' ').includes(words))
if (answer === undefined) { console.error('unexpected: ' + args.join(' ')); process.exit(1) }
if (answer.file) {
  const to = args[args.indexOf('--dir') + 1]
  mkdirSync(to, { recursive: true })
  writeFileSync(to + '/' + answer.file[0], answer.file[1])
}
if (answer.out !== undefined) process.stdout.write(JSON.stringify(answer.out))
`,
  )
  chmodSync(path, 0o755)
}

function calls(): Call[] {
  return readFileSync(join(folder, 'calls'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Call)
}

function runScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { code: number | null; said: string } {
  const path = join(here, script)
  const [program, first] = script.endsWith('.sh') ? ['bash', path] : [process.execPath, path]
  const { status, stdout, stderr } = spawnSync(program, [first, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, ...env },
  })
  return { code: status, said: stdout + stderr }
}

describe('shard.sh', () => {
  it('runs one shard of the projects and leaves a blob', () => {
    fake('npx', [{ words: 'vitest run' }])
    expect(runScript('shard.sh', ['2', '3']).code).toBe(0)
    expect(runScript('shard.sh', ['1', '4', 'theory']).code).toBe(0)
    expect(calls().map(({ args }) => args.join(' '))).toEqual([
      'vitest run --project unit --project theory --project end-to-end --project networks --project empirical --shard=2/3 --reporter=blob',
      'vitest run --project theory --shard=1/4 --reporter=blob',
    ])
    expect(runScript('shard.sh', ['2'])).toMatchObject({ code: 1, said: expect.stringContaining('COUNT is missing') })
  })
})

describe('merge-shards.sh', () => {
  it('merges when every shard has reported', () => {
    fake('npx', [{ words: 'vitest --merge-reports' }])
    file('.vitest-reports/blob-1-2.json', '[]')
    file('.vitest-reports/blob-2-2.json', '[]')
    expect(runScript('merge-shards.sh', ['2']).code).toBe(0)
    expect(calls()).toHaveLength(1)
  })

  it('is red, with one line, where one has not', () => {
    fake('npx', [{ words: '' }])
    file('.vitest-reports/blob-2-3.json', '[]')
    file('.vitest-reports/blob-3-3.json', '')
    const { code, said } = runScript('merge-shards.sh', ['3'])
    expect({ code, said }).toEqual({ code: 1, said: '::error::shard 1 3 of 3 left no report\n' })
  })
})

describe('baseline.mjs', () => {
  const env = { BASELINE_WORKFLOW: 'regression.yml', BASELINE_BRANCH: 'main' }

  it('downloads the reports of the last green run', () => {
    fake('gh', [
      { words: 'run list', out: [{ databaseId: 17, headSha: 'abc' }] },
      { words: 'run download 17', file: ['report.json', '{}'] },
    ])
    const output = file('output', '')
    expect(runScript('baseline.mjs', ['there'], { ...env, GITHUB_OUTPUT: output }).code).toBe(0)
    expect(readFileSync(output, 'utf8')).toBe('found=true\n')
    expect(readFileSync(join(folder, 'there/report.json'), 'utf8')).toBe('{}')
    expect(calls()[0]!.args.join(' ')).toMatch(/--workflow regression.yml --branch main .*--status success --limit 1/)
  })

  it('says that there is none, and is red if it cannot be had', () => {
    fake('gh', [{ words: 'run list', out: [] }])
    expect(runScript('baseline.mjs', [], env)).toMatchObject({ code: 0, said: expect.stringContaining('found=false') })
    fake('gh', [{ words: 'run list', out: [{ databaseId: 17, headSha: 'abc' }] }])
    expect(runScript('baseline.mjs', [], env).code).toBe(1)
    expect(runScript('baseline.mjs', [], {}).said).toBe('::error::BASELINE_WORKFLOW must be set\n')
  })
})

describe('compare-folders.mjs', () => {
  /** In place of sgd-oracle: says which files it got, and fails as the head file says. */
  const program = (): string =>
    `node ${file(
      'program.cjs',
      `const [, , command, base, head, format] = process.argv
const { existsSync, readFileSync } = require('node:fs')
if (!existsSync(head)) { console.error('sgd-oracle: cannot read ' + head); process.exit(2) }
console.log([command, base, head, format].join(' '))
process.exit(Number(readFileSync(head, 'utf8')))`,
    )}`

  it('compares namesakes, writes page and summary, and takes the worst exit code', () => {
    for (const [name, code] of Object.entries({ example: '0', specs: '1' })) {
      file(`base/${name}/report.json`, '0')
      file(`head/${name}/report.json`, code)
    }
    const summary = file('summary', '')
    const { code } = runScript('compare-folders.mjs', ['base', 'head', 'page.md'], {
      SGD_ORACLE: program(),
      GITHUB_STEP_SUMMARY: summary,
    })
    expect(code).toBe(1)
    const page = readFileSync(join(folder, 'page.md'), 'utf8')
    expect(page).toContain('## specs\n\ncompare base/specs/report.json head/specs/report.json --markdown\n')
    expect(readFileSync(summary, 'utf8')).toBe(page)
  })

  it('is red where the head lacks a report, or the base has none', () => {
    file('base/specs/report.json', '0')
    const lost = runScript('compare-folders.mjs', ['base', 'head', 'page.md'], { SGD_ORACLE: program() })
    expect(lost).toMatchObject({ code: 2, said: '::error::specs: cannot read head/specs/report.json\n' })
    expect(readFileSync(join(folder, 'page.md'), 'utf8')).toContain('**Not compared:** sgd-oracle: cannot read')
    expect(runScript('compare-folders.mjs', ['none', 'head', 'page.md'], { SGD_ORACLE: program() }).code).toBe(2)
  })
})

describe('comment.mjs', () => {
  const env = {
    GITHUB_REPOSITORY: 'us/oracle',
    RUN_ID: '5',
    HEAD_OWNER: 'fork',
    HEAD_BRANCH: 'a&b',
    HEAD_SHA: 'abc',
  }
  const pulls: Answer = { words: 'pulls?state=open&head=fork%3Aa%26b', out: [{ number: 9, head: { sha: 'abc' } }] }
  const download: Answer = {
    words: 'run download 5',
    file: ['comparison.md', 'hi @all <!-- sgd-oracle comparison -->'],
  }
  const comments = (out: unknown[]): Answer => ({
    words: '--paginate --slurp repos/us/oracle/issues/9/comments',
    out: [out],
  })

  it('comments once', () => {
    fake('gh', [pulls, download, comments([]), { words: 'POST repos/us/oracle/issues/9/comments' }])
    expect(runScript('comment.mjs', [], env)).toEqual({ code: 0, said: 'commented on #9\n' })
    const { body } = calls().at(-1)!.body!
    expect(body).toMatch(/^<!-- sgd-oracle comparison -->\nhi @\u200ball &lt;!-- sgd/)
  })

  it('updates its own comment, and nobody else’s', () => {
    const ours = { id: 3, user: { login: 'github-actions[bot]' }, body: '<!-- sgd-oracle comparison -->\nold' }
    fake('gh', [
      pulls,
      download,
      comments([{ ...ours, id: 1, user: { login: 'mallory' } }, { ...ours, id: 2, body: 'another bot’s' }, ours]),
      { words: 'PATCH repos/us/oracle/issues/comments/3' },
    ])
    expect(runScript('comment.mjs', [], env)).toEqual({ code: 0, said: 'updated the comment on #9\n' })
  })

  it('says nothing where the pull request has moved on, and cuts what is too long', () => {
    fake('gh', [{ ...pulls, out: [{ number: 9, head: { sha: 'later' } }] }])
    expect(runScript('comment.mjs', [], env)).toMatchObject({ code: 0, said: expect.stringContaining('no comment') })
    expect(calls()).toHaveLength(1)
    fake('gh', [pulls, { ...download, file: ['comparison.md', 'x'.repeat(1e5)] }, comments([]), { words: 'POST' }])
    expect(runScript('comment.mjs', [], env).code).toBe(0)
    expect(calls().at(-1)!.body!.body.length).toBeLessThan(65_536)
  })
})

describe('nightly-issue.mjs', () => {
  const env = {
    GITHUB_REPOSITORY: 'us/oracle',
    RUN_URL: 'https://example.org/run/5',
    SGD_ORACLE_SEED: '20260101',
    ISSUE_TITLE: 'The nightly run fails',
  }
  const issues = (out: unknown[]): Answer => ({ words: 'repos/us/oracle/issues?state=open', out: [out] })

  it('opens one issue that says how to run it again', () => {
    fake('gh', [
      issues([{ number: 1, title: env.ISSUE_TITLE, pull_request: {} }]),
      { words: 'POST repos/us/oracle/issues' },
    ])
    expect(runScript('nightly-issue.mjs', [], env)).toEqual({ code: 0, said: 'opened an issue\n' })
    const { args, body } = calls().at(-1)!
    expect(args).toContain('repos/us/oracle/issues')
    expect(body!.title).toBe(env.ISSUE_TITLE)
    expect(body!.body).toContain('SGD_ORACLE_SEED=20260101 npm run specs:deep')
  })

  it('comments on the one that is open', () => {
    fake('gh', [issues([{ number: 4, title: env.ISSUE_TITLE }]), { words: 'POST repos/us/oracle/issues/4/comments' }])
    expect(runScript('nightly-issue.mjs', [], env)).toEqual({ code: 0, said: 'commented on #4\n' })
  })
})
