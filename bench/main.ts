import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { exitCodes, InputError } from '../cli/failure.ts'
import { type Part, parts } from './cases.ts'
import { compareFiles } from './compare.ts'
import { type MeasureOptions, measure } from './measure.ts'

const resultsPath = 'bench/results.json'

const program = new Command('bench').description('Times the simulator beside C, NumPy and PyTorch.').exitOverride()

program
  .command('measure')
  .description('print ours over each peer’s time and write the results (npm run bench)')
  .option('--only <cases>', `some of ${parts.join(',')}, separated by commas`, partsIn, [...parts])
  .option('--quick', 'few and short rounds: does everything work?', false)
  .option('--scaling', 'how cost grows with modes, batch size and chains, too; draws docs/bench/scaling.svg', false)
  .option('--out <file>', 'where the results go', resultsPath)
  .action(async (options: MeasureOptions) => {
    const agreed = await measure(options, { out: process.stdout, err: process.stderr })
    process.exitCode = agreed ? exitCodes.passed : exitCodes.failed
  })

program
  .command('compare')
  .description('flag ratios that got worse since saved results (npm run bench:compare)')
  .argument('<base>', 'saved results')
  .argument('[head]', 'results to hold against them', resultsPath)
  .action((base: string, head: string) => {
    process.exitCode = compareFiles(base, head, process.stdout) ? exitCodes.passed : exitCodes.failed
  })

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof InputError) {
    process.stderr.write(`bench: ${error.message}\n`)
    process.exitCode = exitCodes.badInput
  } else if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.passed : exitCodes.badInput // commander has said why
  } else {
    throw error
  }
}

function partsIn(text: string): Part[] {
  return text.split(',').map((name) => {
    const part = parts.find((known) => known === name.trim())
    if (part === undefined)
      throw new InvalidArgumentError(`must be of ${parts.join(', ')}, got ${JSON.stringify(name)}`)
    return part
  })
}
