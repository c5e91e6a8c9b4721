import { ModelCard, ModelFigures, ModelRef, ProviderSettings } from '@devfactory/contracts';
import { z } from 'zod';

export const ModelList = z
  .strictObject({ models: z.array(ModelCard), defaultModel: z.string().nullable() })
  .meta({ id: 'ModelList' });
/** What is to be tried: values that need not be saved yet. */
export const TestOrder = ProviderSettings.partial()
  .extend({ model: z.string().trim().min(1).max(160).nullable().default(null) })
  .meta({ id: 'TestOrder' });
export const DefaultModel = z.strictObject({ model: ModelRef.nullable() }).meta({ id: 'DefaultModel' });
/** null: the figures that come along. */
export const FiguresOrder = z
  .strictObject({ model: ModelRef, figures: ModelFigures.nullable() })
  .meta({ id: 'FiguresOrder' });
export const ProviderId = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);
