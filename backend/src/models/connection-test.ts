import type { ConnectionTest } from '@devfactory/contracts';
import { probeModel, type ModelProbe } from '@devfactory/engine';
import { DomainError, redactor, type ModelProvider, type ProviderValues } from '@devfactory/kit';

type LanguageModel = Awaited<ReturnType<ModelProvider['open']>>;

const listMs = 10_000;

/** A real round trip with values that need not be saved yet: the list of models, then a streamed call of a tool and its answer. */
export async function testConnection(
  provider: ModelProvider,
  asked: { readonly values: ProviderValues; readonly model: string | null },
): Promise<ConnectionTest> {
  const began = performance.now();
  const { values } = asked;
  const redact = redactor(provider.fields.flatMap((field) => (field.secret ? [values[field.name] ?? ''] : [])));
  const listed = await provider.list(values, AbortSignal.timeout(listMs)).then(
    (models) => ({ models, error: null }),
    (error: unknown) => ({ models: [], error }),
  );
  const model = asked.model ?? listed.models[0]?.name ?? null;
  const result = (found: Omit<ConnectionTest, 'model' | 'ms' | 'ok'>): ConnectionTest => ({
    ok: found.field === null && found.callsTools,
    model,
    ms: Math.round(performance.now() - began),
    ...found,
    sentence: redact(found.sentence),
  });
  if (model === null) {
    const { field, sentence } = ofListing(listed.error);
    return result({ field, sentence, streams: false, callsTools: false });
  }
  const opened = await prepared(provider, model, values).catch((error: unknown) => {
    if (error instanceof DomainError) return error;
    throw error;
  });
  if (opened instanceof DomainError)
    return result({ field: 'model', sentence: opened.message, streams: false, callsTools: false });
  const probe = await probeModel(opened, AbortSignal.timeout(180_000));
  const { streams, callsTools } = probe;
  if (probe.code === null) {
    const slow = streams ? '' : ' It answers in one piece, not as a stream.';
    return result({ field: null, sentence: `${model} called a tool and took its answer.${slow}`, streams, callsTools });
  }
  return result({
    field: fieldOf(probe, { provider, listed: listed.error === null }),
    sentence: probe.reason,
    streams,
    callsTools,
  });
}

async function prepared(provider: ModelProvider, model: string, values: ProviderValues): Promise<LanguageModel> {
  await provider.prepare?.(model, values);
  return provider.open(model, values);
}

/** Which field is the likely cause. */
function fieldOf(
  { code, reason }: ModelProbe,
  { provider, listed }: { readonly provider: ModelProvider; readonly listed: boolean },
): string | null {
  const has = (name: string): boolean => provider.fields.some((field) => field.name === name);
  if (/api.?version/i.test(reason) && has('apiVersion')) return 'apiVersion';
  switch (code) {
    case 'model_key_refused':
    case 'sign_in_failed':
      return has('key') ? 'key' : null;
    case 'model_unreachable':
      return 'baseUrl';
    case 'model_unknown':
      return listed || /model|deployment/i.test(reason) ? 'model' : 'baseUrl';
    case 'no_tool_call':
      return 'model';
    case 'model_garbled':
      return listed ? null : 'baseUrl';
    default:
      return null;
  }
}

/** There was no model to ask: the list itself says what is wrong. */
function ofListing(error: unknown): { readonly field: string; readonly sentence: string } {
  if (error === null) return { field: 'model', sentence: 'The endpoint lists no models; name one.' };
  const status = error instanceof Error && 'status' in error ? error.status : null;
  const said = wordsOf(error);
  if (error instanceof DomainError && error.code === 'sign_in_failed') return { field: 'key', sentence: error.message };
  if (status === 401 || status === 403) return { field: 'key', sentence: `The key was refused. ${said}` };
  if (status === 404)
    return { field: 'model', sentence: 'The endpoint lists no models (404); name one, or look at the base URL.' };
  return { field: 'baseUrl', sentence: `Nothing usable came back from the base URL: ${said}` };
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'an error without words';
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
