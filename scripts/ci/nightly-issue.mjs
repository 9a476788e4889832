// Says that a nightly run failed in one issue: opened the first time, commented on as long as it is open.
import { gh, ghList, required } from './gh.mjs'

const repository = required('GITHUB_REPOSITORY')
const url = required('RUN_URL')
const seed = required('SGD_ORACLE_SEED')
const title = required('ISSUE_TITLE')

const body = [
  `The nightly run with seed ${seed} failed: ${url}`,
  '',
  'It runs with other samples every night, at 100 times the usual budget. To run it again:',
  '',
  '```sh',
  `SGD_ORACLE_SEED=${seed} npm run specs:deep`,
  '```',
].join('\n')

const issues = ghList(
  `repos/${repository}/issues?state=open&creator=${encodeURIComponent('github-actions[bot]')}&per_page=100`,
)
const open = issues.find(
  (/** @type {{ title: string, pull_request?: unknown }} */ one) =>
    one.title === title && one.pull_request === undefined,
)
if (open === undefined) {
  gh(['api', '--method', 'POST', `repos/${repository}/issues`, '--input', '-'], { title, body })
} else {
  gh(['api', '--method', 'POST', `repos/${repository}/issues/${open.number}/comments`, '--input', '-'], { body })
}
console.log(open === undefined ? 'opened an issue' : `commented on #${open.number}`)
