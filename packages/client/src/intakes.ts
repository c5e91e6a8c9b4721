import { IntakeList, type Intake } from '@devfactory/contracts';
import type { z } from 'zod';
import type { Transport } from './transport.ts';

/** Repositories whose issues may begin runs. Each method throws ApiError. */
export class Intakes {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  list(): Promise<IntakeList> {
    return this.#transport.json('/api/intakes', IntakeList);
  }

  switchOn(intake: z.input<typeof Intake>): Promise<IntakeList> {
    return this.#transport.json('/api/intakes', IntakeList, { method: 'POST', json: intake });
  }

  switchOff(repository: string): Promise<IntakeList> {
    return this.#transport.json('/api/intakes/off', IntakeList, { method: 'POST', json: { repository } });
  }
}
