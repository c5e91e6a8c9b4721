export { createScriptedAgent } from './scripted-agent.ts';
export { Script, ScriptCall, ScriptStep } from './script.ts';
