import { z } from 'zod';

// The content security policy forbids eval: without this each schema tries it once and the browser reports a violation.
z.config({ jitless: true });
