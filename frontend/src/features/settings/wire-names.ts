import type { WireFormat } from '@devfactory/contracts';

/** What agents speak with models, as vendors call it. */
export const wireNames: Readonly<Record<WireFormat, string>> = {
  'chat-completions': 'Chat Completions',
  responses: 'Responses',
  messages: 'Messages',
  'generate-content': 'generateContent',
};
