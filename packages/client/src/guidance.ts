import { GuidanceList, type GuidanceSetting, type TrustMark } from '@devfactory/contracts';
import type { z } from 'zod';
import type { Transport } from './transport.ts';

type SettingInput = z.input<typeof GuidanceSetting>;

/** What runs follow by people's settings, and what people trust of projects' files. Each method throws ApiError. */
export class GuidanceSettings {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  list(): Promise<GuidanceList> {
    return this.#transport.json('/api/guidance', GuidanceList);
  }

  save(setting: SettingInput): Promise<GuidanceList> {
    return this.#post('/api/guidance', setting);
  }

  forget({ kind, name }: Pick<GuidanceSetting, 'kind' | 'name'>): Promise<GuidanceList> {
    return this.#post('/api/guidance/forget', { kind, name });
  }

  forgetTrust({ project, path, hash }: TrustMark & { readonly project: string }): Promise<GuidanceList> {
    return this.#post('/api/guidance/trust/forget', { project, path, hash });
  }

  #post(path: string, json: unknown): Promise<GuidanceList> {
    return this.#transport.json(path, GuidanceList, { method: 'POST', json });
  }
}
