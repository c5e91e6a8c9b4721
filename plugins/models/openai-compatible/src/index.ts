export { localProviders, openAiCompatibleProvider } from './openai-compatible.ts';
