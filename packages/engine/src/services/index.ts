export { findServices, missingServices } from './find-services.ts';
