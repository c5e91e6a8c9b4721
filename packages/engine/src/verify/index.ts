export { jsonMismatch } from './checks/json-pattern.ts';
export { defaultCheckLimits, type Verification, type VerifyDeps, type VerifyRequest } from './request.ts';
export { inProject } from './sandbox/verifying.ts';
export { removeVerifierFolders } from './sandbox/sandboxes.ts';
export { carryOver } from './scope/carry-over.ts';
export { surveyTests, type TestSuite, type TestSurvey } from './survey-tests.ts';
export { tryTree, type TreeTrial } from './try-tree.ts';
export { verify } from './verify.ts';
