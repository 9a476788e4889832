/** Results to Markdown, SVG figures and the lines a terminal shows. */
export { renderSummary } from './console.ts'
export { renderErrata } from './errata.ts'
export type { FigureFile, FigureKind } from './figures/figure.ts'
export { renderFigures } from './figures/index.ts'
export { renderMarkdown } from './markdown.ts'
export { checkReportFolder } from './report-folder.ts'
export { readReport, writeReport } from './write.ts'
