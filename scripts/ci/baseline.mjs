// Downloads the reports of the last green run of the workflow on the main branch into FOLDER.
// Says `found=true` or `found=false` to GITHUB_OUTPUT: a first run has no baseline.
import { appendFileSync } from 'node:fs'
import { gh, required } from './gh.mjs'

const [folder = 'baseline'] = process.argv.slice(2)
const workflow = required('BASELINE_WORKFLOW')
const branch = required('BASELINE_BRANCH')

const runs = JSON.parse(
  gh([
    ...['run', 'list', '--workflow', workflow, '--branch', branch, '--event', 'push', '--status', 'success'],
    ...['--limit', '1', '--json', 'databaseId,headSha'],
  ]),
)
if (runs.length === 0) {
  console.log(`::notice::${branch} has no green run of ${workflow} yet: nothing to compare with`)
} else {
  const [{ databaseId, headSha }] = runs
  gh(['run', 'download', String(databaseId), '--name', 'reports', '--dir', folder])
  console.log(`baseline: ${headSha}`)
}
const found = `found=${runs.length > 0}\n`
if (process.env['GITHUB_OUTPUT']) appendFileSync(process.env['GITHUB_OUTPUT'], found)
process.stdout.write(found)
