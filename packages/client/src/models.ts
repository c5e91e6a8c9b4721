import { ConnectionTest, ModelCard, ProviderCard, type ModelFigures } from '@devfactory/contracts';
import { z } from 'zod';
import type { Transport } from './transport.ts';

const ModelList = z.object({ models: z.array(ModelCard), defaultModel: z.string().nullable() });
export type ModelList = z.infer<typeof ModelList>;
const DayBudgets = z.object({ dayUsd: z.number().nullable(), personDayUsd: z.number().nullable() });
export type DayBudgets = z.infer<typeof DayBudgets>;

type Values = Readonly<Record<string, string>>;

/** Models and who provides them. Each method throws ApiError. */
export class Models {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  list(): Promise<ModelList> {
    return this.#transport.json('/api/models', ModelList);
  }

  /** null: none. */
  setDefault(model: string | null): Promise<ModelList> {
    return this.#post('/api/models/default', ModelList, { model });
  }

  /** null: the figures that come along. */
  setFigures(model: string, figures: ModelFigures | null): Promise<ModelList> {
    return this.#post('/api/models/figures', ModelList, { model, figures });
  }

  budgets(): Promise<DayBudgets> {
    return this.#transport.json('/api/models/budgets', DayBudgets);
  }

  setBudgets(budgets: DayBudgets): Promise<DayBudgets> {
    return this.#post('/api/models/budgets', DayBudgets, budgets);
  }

  providers(): Promise<ProviderCard[]> {
    return this.#transport.json('/api/model-providers', z.array(ProviderCard));
  }

  /** A secret that is left out stays, as long as the address does. */
  save(id: string, values: Values): Promise<ProviderCard> {
    return this.#post(place(id), ProviderCard, { values });
  }

  forget(id: string): Promise<ProviderCard> {
    return this.#post(`${place(id)}/forget`, ProviderCard, {});
  }

  /** A real round trip; with `values` that need not be saved yet. */
  test(id: string, order: { readonly values?: Values; readonly model?: string | null } = {}): Promise<ConnectionTest> {
    return this.#post(`${place(id)}/test`, ConnectionTest, order);
  }

  #post<T>(path: string, schema: z.ZodType<T>, json: unknown): Promise<T> {
    return this.#transport.json(path, schema, { method: 'POST', json });
  }
}

function place(id: string): string {
  return `/api/model-providers/${encodeURIComponent(id)}`;
}
