import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { docsRow, hypothesisText, specText, variableName } from './templates.ts'

/**
 * Starts a hypothesis: its value, its spec, its place among the outlines and its row in the docs.
 *
 * @param root the repository
 * @returns the files written or changed, relative to the root
 * @throws RangeError for a name that is not words of lower-case letters and digits joined by hyphens, or that is taken; then
 *   nothing is written
 */
export function newSpec(root: string, id: string): string[] {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
    throw new RangeError(
      `new:spec: the name must be words of a–z and 0–9 joined by hyphens, as constant-speed, got ${id || 'none'}`,
    )
  }
  const [hypothesis, spec] = [`specs/hypotheses/${id}.ts`, `specs/${id}.spec.ts`]
  const taken = [hypothesis, spec, `specs/hypotheses/${id}.test.ts`].find((file) => existsSync(join(root, file)))
  if (taken !== undefined) throw new RangeError(`new:spec: the name must be new, but ${taken} is there`)

  const [outlines, docs] = ['specs/outlines.ts', 'docs/hypotheses.md']
  const changed = {
    [outlines]: withOutline(readFileSync(join(root, outlines), 'utf8'), id),
    [docs]: `${readFileSync(join(root, docs), 'utf8').trimEnd()}\n${docsRow(id, 'FILL IN', 'FILL IN')}\n`,
    [hypothesis]: hypothesisText(id),
    [spec]: specText(id),
  }
  for (const [file, text] of Object.entries(changed)) writeFileSync(join(root, file), text)
  return Object.keys(changed)
}

const hypothesisImport = /^import \{ \w+ \} from '\.\/hypotheses\/([\w-]+)\.ts'$/

/** The outlines with one more: its import in order of names, its entry last. */
function withOutline(text: string, id: string): string {
  const lines = text.split('\n')
  const before = lines.findIndex((line) => (hypothesisImport.exec(line)?.[1] ?? '') > id)
  const last = lines.findLastIndex((line) => hypothesisImport.test(line))
  const end = lines.lastIndexOf(']')
  if (last === -1 || end === -1)
    throw new RangeError('new:spec: specs/outlines.ts must import hypotheses and end in a list of them')
  lines.splice(end, 0, `  outlineOf(${variableName(id)}, regression),`)
  lines.splice(before === -1 ? last + 1 : before, 0, `import { ${variableName(id)} } from './hypotheses/${id}.ts'`)
  return lines.join('\n')
}
