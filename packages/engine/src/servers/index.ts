export { LiveServers, ServerTool } from './live-servers.ts';
export { serverFacts, serversInForce } from './list-servers.ts';
