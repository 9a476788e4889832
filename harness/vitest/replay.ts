/** The command that runs one test alone, with the seed and budget of this run. */
export function replayCommand(
  file: string,
  fullName: string,
  { seed, budget }: { seed: number; budget: number },
): string {
  const environment = [
    ...(seed === 0 ? [] : [`SGD_ORACLE_SEED=${seed} `]),
    ...(budget === 1 ? [] : [`SGD_ORACLE_BUDGET=${budget} `]),
  ]
  return `${environment.join('')}npx vitest run ${shellQuoted(file)} -t ${shellQuoted(`^${escaped(fullName)}$`)}`
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

function shellQuoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
