import type { Service } from './service.ts';

/** Redis, or Valkey, which speaks the same and took its place in newer distributions. */
const program = 'program=$(command -v redis-server || command -v valkey-server) || exit 3\n';

export const redis: Service = {
  name: 'redis',
  debianPackage: 'redis-server',
  find: `${program}"$program" --version`,
  run: `set -e
${program}mkdir -p "$data"
exec "$program" --bind 127.0.0.1 --port 6379 --dir "$data" --daemonize no --appendonly yes --appendfsync no --save ''`,
  // It refuses with LOADING while it reads what it kept.
  ready: String.raw`exec 3<>/dev/tcp/127.0.0.1/6379 && printf 'PING\r\n' >&3 && read -r -t 2 answer <&3 && [ "$answer" = $'+PONG\r' ]`,
};
