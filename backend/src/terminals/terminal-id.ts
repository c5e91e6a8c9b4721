import { z } from 'zod';

export const TerminalId = z.string().regex(/^t-[0-9a-f]{12}$/, 'the id of a terminal');
