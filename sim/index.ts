export { type EnsembleStart, startAtMinimum } from './ensemble-start.ts'
export { addLabelNoise, type LabelNoise } from './label-noise.ts'
export { type RegressionSourceOptions, regressionSource } from './regression-source.ts'
export { type TeacherOptions, teacherDataset } from './teacher.ts'
