import type { Service } from './service.ts';

/** Debian's newest first, then other distributions' folder, then the one that comes with AI DevFactory, which has no psql. */
const folder = String.raw`
bin=
for each in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV) /usr/bin /opt/tools/postgresql/bin; do
  if [ -x "$each/postgres" ] && [ -x "$each/initdb" ]; then bin=$each; break; fi
done
[ -n "$bin" ] || exit 3
`;

/** A folder for each major version: none reads the files of another, and what was made is not thrown away. */
const place = String.raw`
place="$data-$("$bin/postgres" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')"
`;

export const postgresql: Service = {
  name: 'postgresql',
  debianPackage: 'postgresql',
  find: `${folder}"$bin/postgres" --version`,
  // Nothing here has to outlive a power cut, so nothing waits for the disk. What a killed server left as its mark would keep the next from
  // starting: there is one server, and this starts only when it has ended.
  run: `set -e${folder}${place}
if [ ! -e "$place" ]; then
  rm -rf "$place.new"
  mkdir -p "$(dirname "$place")"
  "$bin/initdb" --pgdata="$place.new" --username=app --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync --no-instructions
  echo 'create database app' | "$bin/postgres" --single -D "$place.new" postgres
  mv "$place.new" "$place"
fi
rm -f "$place/postmaster.pid"
exec "$bin/postgres" -D "$place" -p 5432 -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=32MB -c max_connections=100 -c fsync=off -c synchronous_commit=off -c full_page_writes=off`,
  ready: `set -e${folder}${place}grep -q '^ready' "$place/postmaster.pid"`,
};
