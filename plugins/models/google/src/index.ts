export { googleProvider } from './google.ts';
