import { provenWords, type Evidence, type Mutation, type SecretWaiver } from '@devfactory/contracts';
import type { Proof, ProofRequirement } from './proof.ts';

/** The proof as a page to read: one HTML file without scripts and without anything from elsewhere. */
export function renderReport(proof: Proof): string {
  const proven = proof.requirements.filter((item) => item.status === 'proven').length;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Proof of ${escape(proof.run.name)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escape(proof.run.name)}</h1>
<p class="lead">${provenWords(proven, proof.requirements.length)} on this exact source tree.</p>
<dl>
<dt>Asked for</dt><dd class="prompt">${escape(proof.run.prompt)}</dd>
<dt>Run</dt><dd><code>${escape(proof.run.id)}</code>, agent ${escape(proof.run.agent)}${proof.run.model ? `, model ${escape(proof.run.model)}` : ''}, ${escape(proof.run.createdAt)}</dd>
<dt>Source tree</dt><dd><code>${escape(proof.tree.hash)}</code></dd>
<dt>Locked checks</dt><dd>plan ${proof.plan.version}, <code>${escape(proof.plan.lock ?? 'none')}</code></dd>
</dl>
${proof.requirements.map(renderRequirement).join('\n')}
${(proof.secretsWaived ?? []).map(renderWaiver).join('\n')}
<footer>
<p>Proven means: each locked check of the requirement passed twice, in fresh sandboxes without the agent, on this tree (or, where it says carried over, on an earlier one of which it sees the same files), and did not pass on the code before the work or, where it says what has to stay as it was, passed there too. Mutants are small changes of the code that a check should notice;
a check that notices none of three or more is weak.
It says nothing beyond what the checks ask. Outside evidence was observed from outside of the app's sandbox; inside evidence comes from a test runner that shares a process with the code.</p>
${proof.workspace.notEnforced.length > 0 ? `<p>Not enforced on the machine of this run: ${escape(proof.workspace.notEnforced.join('; '))}.</p>` : ''}
</footer>
</main>
</body>
</html>
`;
}

function renderWaiver({ places, reason }: SecretWaiver): string {
  return `<section><h2>Looks like secrets, and was let pass by a person</h2>
<ul>${places.map((place) => `<li>${escape(place)}</li>`).join('')}</ul>
<p class="mark">${escape(reason)}</p></section>`;
}

function renderRequirement(item: ProofRequirement): string {
  const mark = item.mark
    ? `<p class="mark">${item.mark.kind === 'waived' ? 'Waived' : 'Accepted by hand'}: ${escape(item.mark.reason)}</p>`
    : '';
  const cannot = item.cannot ? `<p class="mark">The agent says it cannot meet this: ${escape(item.cannot)}</p>` : '';
  const checks = item.checks.map(
    (check) =>
      `<li><strong>${escape(check.title)}</strong> <code>${escape(check.id)}</code> ${escape(check.standing)}${check.heldOut ? `, no agent was shown it; its SHA-256 is <code>${escape(check.digest)}</code>` : ''}${renderEvidence('now', check.now)}${renderEvidence('before the work', check.onBase)}${renderMutants(check.mutants)}</li>`,
  );
  return `<section class="${escape(item.status)}">
<h2><code>${escape(item.id)}</code> ${escape(item.text)}</h2>
<p class="status">${escape(item.status)}${item.visibleChecksOnly ? ' <span class="note">visible checks only: the agent was shown each of them</span>' : ''}</p>
${mark}${cannot}
${checks.length > 0 ? `<ul>${checks.join('')}</ul>` : '<p>No locked check.</p>'}
</section>`;
}

function renderEvidence(when: string, evidence: Evidence | null): string {
  if (!evidence) return `<p>${when}: no evidence</p>`;
  const cause = evidence.cause ? ` (${evidence.cause})` : '';
  const excerpt = evidence.excerpt ? `<pre>${escape(evidence.excerpt)}</pre>` : '';
  const from = evidence.carriedFrom
    ? `, carried over from ${escape(evidence.carriedFrom.checkpointId)}, where it saw the same files`
    : '';
  return `<p>${when}: ${evidence.verdict}${cause}${from}, ${evidence.vantage}, ${evidence.executions} ${evidence.executions === 1 ? 'execution' : 'executions'}, ${Math.round(evidence.durationMs)} ms.${evidence.command === '' ? '' : ` <code>${escape(evidence.command)}</code>`}</p>${excerpt}`;
}

function renderMutants(mutation: Mutation | null): string {
  if (!mutation) return '';
  const { killed, survived, unusable, outcome, reason, survivors } = mutation;
  const counts =
    outcome === 'not-applicable' ? 'not applicable' : `${killed} noticed, ${survived} missed, ${unusable} told nothing`;
  const diffs = survivors.map(({ path, line, diff }) => `<pre>${escape(`${path}:${line}\n${diff}`)}</pre>`).join('');
  const missed = diffs === '' ? '' : `<details><summary>changes it missed</summary>${diffs}</details>`;
  return `<p>mutants: ${counts}. ${escape(reason)}</p>${missed}`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

const style = `
:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}
main{max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{margin:0}h2{font-size:1rem;margin:0}.lead{font-size:1.1rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dd{margin:0;overflow-wrap:anywhere}.prompt{white-space:pre-wrap}
section{border:1px solid;border-left-width:6px;border-radius:6px;padding:.75rem 1rem;margin:1rem 0;border-color:#777}
section.proven{border-left-color:#1a7f4b}section.failing{border-left-color:#b3261e}section.weak,section.stale{border-left-color:#9a6700}
.note{font-weight:400;opacity:.8}.status{font-weight:600;margin:.25rem 0}.mark{font-style:italic}pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid #7774;padding:.5rem;border-radius:4px}
footer{margin-top:2rem;border-top:1px solid #7776}`;
