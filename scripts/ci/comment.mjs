// Puts the page of a finished comparison into one comment on its pull request, which later runs update in place.
// Runs from the main branch with leave to write, so it runs nothing of the pull request: it reads one text file of it.
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gh, ghList, required } from './gh.mjs'

const repository = required('GITHUB_REPOSITORY')
const run = required('RUN_ID')
const head = `${required('HEAD_OWNER')}:${required('HEAD_BRANCH')}`
const sha = required('HEAD_SHA')
const marker = '<!-- sgd-oracle comparison -->'
const longest = 64_000

// Of what GitHub says, never of what the artifact says: the artifact comes from whoever opened the pull request.
const pulls = JSON.parse(gh(['api', `repos/${repository}/pulls?state=open&head=${encodeURIComponent(head)}`]))
const pull = pulls.find((/** @type {{ head: { sha: string } }} */ one) => one.head.sha === sha)
if (pull === undefined) {
  console.log(`no open pull request of ${head} is at ${sha}: no comment`)
  process.exit(0)
}

const folder = mkdtempSync(join(tmpdir(), 'comparison-'))
gh(['run', 'download', run, '--repo', repository, '--name', 'comparison', '--dir', folder])
const page = readFileSync(join(folder, 'comparison.md'), 'utf8')
  .slice(0, longest)
  .replaceAll('<!--', '&lt;!--')
  .replaceAll('@', '@\u200b') // names nobody
const body = `${marker}\n${page}\n\n<sub>of ${sha}</sub>\n`

const comments = ghList(`repos/${repository}/issues/${pull.number}/comments?per_page=100`)
const ours = comments.find(
  (/** @type {{ user: { login: string }, body: string }} */ one) =>
    one.user.login === 'github-actions[bot]' && one.body.startsWith(marker),
)
if (ours === undefined) {
  gh(['api', '--method', 'POST', `repos/${repository}/issues/${pull.number}/comments`, '--input', '-'], { body })
} else {
  gh(['api', '--method', 'PATCH', `repos/${repository}/issues/comments/${ours.id}`, '--input', '-'], { body })
}
console.log(`${ours === undefined ? 'commented on' : 'updated the comment on'} #${pull.number}`)
