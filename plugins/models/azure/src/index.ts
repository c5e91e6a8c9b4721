export { azureProvider } from './azure.ts';
