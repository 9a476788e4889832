// Compares every report.json under BASE with its namesake under HEAD; the page goes to OUT and to the job's summary.
// Exit code: the worst of the comparisons. A report that only BASE has is an error.
import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [base, head, out] = process.argv.slice(2)
if (base === undefined || head === undefined || out === undefined) {
  console.error('usage: compare-folders.mjs BASE HEAD OUT')
  process.exit(2)
}
const program = (process.env['SGD_ORACLE'] ?? 'node dist/cli/main.js').split(' ')

const names = existsSync(base)
  ? readdirSync(base)
      .filter((name) => existsSync(join(base, name, 'report.json')))
      .sort()
  : []
let worst = names.length === 0 ? 2 : 0
const longest = Math.floor(58_000 / Math.max(1, names.length))
const pages = names.map((name) => {
  const files = [base, head].map((folder) => join(folder, name, 'report.json'))
  const { status, stdout, stderr } = spawnSync(
    /** @type {string} */ (program[0]),
    [...program.slice(1), 'compare', ...files, '--markdown'],
    { encoding: 'utf8', maxBuffer: 2 ** 26 },
  )
  worst = Math.max(worst, status ?? 70)
  if (stderr) process.stderr.write(`::error::${name}: ${stderr.replace(/^sgd-oracle: /, '')}`)
  const page = stdout === '' ? `**Not compared:** ${stderr.trim()}\n` : stdout
  const whole = page.length <= longest
  return `## ${name}\n\n${whole ? page : `${page.slice(0, page.lastIndexOf('\n\n', longest))}\n\n… the rest is in the job’s summary.\n`}`
})
if (names.length === 0) pages.push(`**Not compared:** ${base} holds no report\n`)
writeFileSync(out, pages.join('\n'))
if (process.env['GITHUB_STEP_SUMMARY']) appendFileSync(process.env['GITHUB_STEP_SUMMARY'], pages.join('\n'))
process.exit(worst)
