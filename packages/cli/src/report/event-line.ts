import { counted, countedChecks, isWeak, type EventOf, type RunEvent, type RunState } from '@devfactory/contracts';
import { oneLine, type Paint } from '../terminal.ts';

interface LineContext {
  /** The state after the event. */
  readonly state: RunState;
  /** The state before it; null before the first. */
  readonly before: RunState | null;
  readonly paint: Paint;
}

/** An event as one calm line for a person; null for events that only machines care about. */
export function eventLine(event: RunEvent, context: LineContext): string | null {
  const { state, paint } = context;
  switch (event.type) {
    case 'run.created':
      return `${paint.strong(event.runId)} ${oneLine(event.data.name)}${event.data.from ? `, asked for by ${oneLine(event.data.from.author, 60)} at ${oneLine(event.data.from.url, 200)}` : ''}`;
    case 'workspace.opened':
      return wallLine(event.data, context);
    case 'source.surveyed':
      return surveyLines(event.data, paint);
    case 'plan.proposed':
      return `${paint.strong('plan')} version ${event.data.version}: ${counted(state.requirements.length, 'requirement')}, ${counted(state.checks.length, 'check')}`;
    case 'plan.approved':
      return `${paint.strong('plan')} approved, its checks are locked`;
    case 'check.held-out':
      return `${paint.strong('held out')} ${event.data.check.id} of ${event.data.check.requirementId}: ${oneLine(event.data.check.title, 90)}`;
    case 'check.held-out-asked':
      return event.data.sentence === ''
        ? null
        : `${paint.strong('held out')} nothing for ${event.data.requirementId}: ${oneLine(event.data.sentence, 200)}`;
    case 'check.held-out-dropped':
      return `${paint.strong('held out')} ${event.data.id} dropped`;
    case 'plan.returned':
      return `${paint.strong('plan')} sent back: ${oneLine(event.data.feedback)}`;
    case 'turn.started':
      return `${paint.strong(turnWords[event.data.purpose])} ${paint.quiet(oneLine(event.data.why))}`;
    case 'step.answered':
      return event.data.text.trim() === ''
        ? null
        : `  ${paint.quiet(`step ${event.data.step}`)} ${oneLine(event.data.text)}`;
    case 'tool.ended':
      return toolLine(event.data, context);
    case 'checkpoint.made':
      return `  ${paint.quiet(`${event.data.checkpoint.id} ${oneLine(event.data.checkpoint.label)}`)}`;
    case 'checkpoint.restored':
      return `${paint.strong('restored')} ${event.data.paths ? `${counted(event.data.paths.length, 'path')} of ` : ''}${event.data.checkpointId}`;
    case 'verification.started':
      return `${paint.strong(event.data.onBase ? 'checking the base' : 'verifying')} ${counted(event.data.checks, 'check')} on ${event.data.checkpointId}`;
    case 'evidence.recorded':
      return evidenceLine(event.data, context);
    case 'mutation.started':
      return `${paint.strong('judging')} ${counted(event.data.checks, 'check')} by changing the code of ${event.data.checkpointId}`;
    case 'mutation.recorded':
      return mutationLine(event.data, paint);
    case 'verification.ended':
      return event.data.outcome === 'complete'
        ? null
        : `  ${paint.attention(`verification interrupted: ${oneLine(event.data.note)}`)}`;
    default:
      return personLine(event, paint);
  }
}

/** Said once: the same machine opens a run's workspace many times. */
function wallLine({ notEnforced }: EventOf<'workspace.opened'>['data'], { before, paint }: LineContext): string | null {
  const known = new Set(before?.notEnforced);
  const news = notEnforced.filter((limit) => !known.has(limit));
  if (news.length === 0) return null;
  return paint.attention(`not enforced on this machine: ${news.map((limit) => oneLine(limit)).join('; ')}`);
}

/** Events about a person and the run's ends. */
function personLine(event: RunEvent, paint: Paint): string | null {
  switch (event.type) {
    case 'wait.began':
      return `${paint.attention('waiting for you')} ${oneLine(event.data.sentence)}`;
    case 'question.asked':
      return `${paint.attention('question')} ${oneLine(event.data.question, 400)}${event.data.options.length > 0 ? ` [${event.data.options.map((option) => oneLine(option, 60)).join(' | ')}]` : ''}`;
    case 'feedback.given':
      return `${paint.strong('feedback')}${event.data.from ? ` from GitHub (${oneLine(event.data.from.author, 40)})` : ''} queued: ${oneLine(event.data.text)}`;
    case 'feedback.delivered':
      return `${paint.strong('feedback')} delivered at step ${event.data.step}`;
    case 'guidance.found':
      return event.data.items.length === 0
        ? null
        : `${paint.strong('guidance')} the files bring ${event.data.items.map(({ path }) => oneLine(path, 80)).join(', ')}; only what you trust is followed`;
    case 'guidance.trusted':
      return `${paint.strong('guidance')} ${oneLine(event.data.path, 120)} is trusted (${event.data.hash.slice(0, 12)})`;
    case 'server.listed':
      return event.data.trouble === ''
        ? `${paint.strong('server')} ${oneLine(event.data.name)} offers ${counted(event.data.tools, 'tool')}`
        : paint.attention(`server ${oneLine(event.data.name)} has no tools: ${oneLine(event.data.trouble, 200)}`);
    case 'guidance.distrusted':
      return `${paint.strong('guidance')} ${oneLine(event.data.path, 120)} is no longer trusted`;
    case 'requirement.declined':
      return `  ${paint.attention(`${event.data.id} cannot be met:`)} ${oneLine(event.data.reason)}`;
    case 'limit.reached':
      return paint.attention(oneLine(event.data.sentence));
    case 'egress.decided':
      return refusedHosts(event.data, paint);
    case 'result.approved':
      return `${paint.strong('result')} approved${event.data.notProven.length > 0 ? `, not proven: ${event.data.notProven.join(', ')}` : ''}`;
    case 'export.delivered':
      return `${paint.good('delivered')} ${oneLine(event.data.location)}`;
    case 'export.checked': {
      const { verdict, sentence } = event.data.arrival;
      const word = verdict === 'passed' ? paint.good('read back') : paint.bad('read back:');
      return `${word} ${oneLine(sentence, 400)}`;
    }
    case 'export.settled':
      return `${paint.strong('pull request')} ${event.data.outcome}`;
    case 'base.taken':
      return `${paint.strong('base')} ${oneLine(event.data.branch, 100)} taken in${event.data.conflicts.length === 0 ? '; a new tree, to be verified and approved' : `, with conflicts in ${oneLine(event.data.conflicts.join(', '), 300)}`}`;
    case 'base.refused':
      return `${paint.bad('base not taken in:')} ${oneLine(event.data.reason, 400)}`;
    case 'secret.waived':
      return `${paint.strong('let pass what looks like secrets:')} ${oneLine(event.data.reason, 300)}`;
    case 'export.failed':
      return `${paint.bad('delivery failed:')} ${oneLine(event.data.reason, 400)}`;
    case 'restore.failed':
      return `${paint.bad('nothing restored:')} ${oneLine(event.data.reason, 400)}`;
    case 'checkpoint.named':
      return `${paint.strong(event.data.checkpointId)} ${event.data.name === null ? 'has no name' : `is called "${oneLine(event.data.name, 100)}"`}`;
    case 'run.failed':
      return `${paint.bad('failed:')} ${oneLine(event.data.reason, 400)}`;
    case 'run.archived':
      return `${paint.strong('archived')}, kept: ${event.data.kept.join(', ') || 'no checkpoint'}`;
    case 'run.paused':
    case 'run.resumed':
    case 'run.cancelled':
      return paint.strong(event.type.slice('run.'.length));
    default:
      return null;
  }
}

const turnWords = { plan: 'planning', work: 'working', repair: 'repairing' } as const;

function surveyLines({ files, toolchains, kept, notes }: EventOf<'source.surveyed'>['data'], paint: Paint): string {
  const kinds = toolchains.map(({ title }) => oneLine(title, 80)).join('; ') || 'no known build system';
  const head = `${paint.strong('source')} ${counted(files, 'file')}, ${kinds}; ${counted(kept, 'test')} of its own kept`;
  return [head, ...notes.map(({ sentence }) => `  ${paint.attention(oneLine(sentence, 400))}`)].join('\n');
}

function toolLine(data: EventOf<'tool.ended'>['data'], { state, paint }: LineContext): string {
  const call = state.steps.find((step) => step.step === data.step)?.calls.find((item) => item.callId === data.callId);
  // Tools without an argument worth naming have no title.
  const title = oneLine(call?.title ?? '', 110) || (call?.tool ?? data.callId);
  if (data.outcome === 'ok') return `  ${paint.good('ok')} ${title} ${paint.quiet(duration(data.durationMs))}`;
  const what =
    data.outcome === 'interrupted' ? 'interrupted' : data.exitCode === null ? 'error' : `exit ${data.exitCode}`;
  return `  ${paint.attention(what)} ${title} ${paint.quiet(duration(data.durationMs))}`;
}

function evidenceLine(
  { evidence }: EventOf<'evidence.recorded'>['data'],
  { state, paint }: LineContext,
): string | null {
  if (evidence.onBase) return null;
  const check = countedChecks(state).find((item) => item.id === evidence.checkId);
  const word =
    evidence.verdict === 'passed'
      ? paint.good('passed')
      : evidence.verdict === 'failed'
        ? paint.bad('failed')
        : paint.attention('inconclusive');
  const why =
    evidence.verdict === 'passed'
      ? ''
      : ` ${paint.quiet(`${evidence.cause ?? ''}: ${oneLine(evidence.excerpt, 100)}`)}`;
  const time = evidence.carriedFrom
    ? `carried over from ${evidence.carriedFrom.checkpointId}`
    : duration(evidence.durationMs);
  return `  ${word} ${evidence.requirementId} ${oneLine(check?.title ?? evidence.checkId, 90)} ${paint.quiet(time)}${why}`;
}

function mutationLine({ mutation }: EventOf<'mutation.recorded'>['data'], paint: Paint): string | null {
  if (mutation.outcome === 'not-applicable') return null;
  const said = `${mutation.requirementId} ${mutation.checkId} ${oneLine(mutation.reason, 200)}`;
  return isWeak(mutation) ? `  ${paint.attention('weak')} ${said}` : `  ${paint.quiet(said)}`;
}

function refusedHosts({ decisions }: EventOf<'egress.decided'>['data'], paint: Paint): string | null {
  const refused = decisions.filter(({ allowed }) => !allowed);
  return refused.length === 0
    ? null
    : `  ${paint.quiet(`no way out to ${refused.map(({ host, port }) => `${oneLine(host, 80)}:${port}`).join(', ')}`)}`;
}

function duration(ms: number): string {
  return ms < 1000
    ? `${Math.round(ms)} ms`
    : ms < 60_000
      ? `${(ms / 1000).toFixed(1)} s`
      : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
