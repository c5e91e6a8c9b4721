import { z } from 'zod';

/** Places as the preview of a delivery names them, and why a person lets them pass. */
export const SecretWaiver = z.strictObject({
  places: z.array(z.string().min(1).max(200)).min(1).max(100),
  reason: z.string().trim().min(1, 'say why').max(2000),
});
export type SecretWaiver = z.infer<typeof SecretWaiver>;
