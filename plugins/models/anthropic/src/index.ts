export { anthropicProvider } from './anthropic.ts';
