import type { ModelProxy } from '@devfactory/kit';
import { Door } from './door.ts';

/** Lets programs in sandboxes ask their run's model in the formats of OpenAI, Anthropic and Google. */
export const modelProxy: ModelProxy = { open: (model) => new Door(model) };
