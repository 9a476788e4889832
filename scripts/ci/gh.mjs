import { execFileSync } from 'node:child_process'

/**
 * Runs GitHub's command line and gives what it prints.
 *
 * @param {string[]} args
 * @param {unknown} [body] sent as JSON on standard input
 * @returns {string}
 */
export function gh(args, body) {
  return execFileSync('gh', args, {
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
    stdio: ['pipe', 'pipe', 'inherit'],
    ...(body === undefined ? {} : { input: JSON.stringify(body) }),
  })
}

/**
 * Every page of a list.
 *
 * @param {string} path
 * @returns {any[]}
 */
export function ghList(path) {
  return JSON.parse(gh(['api', '--paginate', '--slurp', path])).flat()
}

/**
 * An environment variable that the workflow must set.
 *
 * @param {string} name
 * @returns {string}
 */
export function required(name) {
  const value = process.env[name]
  if (value === undefined || value === '') {
    console.error(`::error::${name} must be set`)
    process.exit(2)
  }
  return value
}
