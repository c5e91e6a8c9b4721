import { createClient } from '@devfactory/client';

/** The server that this page came from. */
export const factory = createClient({ baseUrl: '' });
