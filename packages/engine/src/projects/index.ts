export { detectProjects, projectsInUse, type Recognised } from './detect-projects.ts';
export { type Machine, requireTools } from './require-tools.ts';
export { inProbe, toolsThere } from './tools.ts';
