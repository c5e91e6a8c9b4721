export { startServer, type RunningServer } from './server/start-server.ts';
export { defaultPort, optionsFrom, type ServerOptions } from './server/options.ts';
export { restoreFrom, type RestorePlace } from './backup/restore-from.ts';
