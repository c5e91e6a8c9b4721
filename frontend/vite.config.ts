import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';

const server = process.env['DEVFACTORY_URL'] ?? 'http://127.0.0.1:7717';

/** Leaves a compressed copy beside each text file; the server sends those, so nothing is compressed per request. */
function precompressed(): Plugin {
  return {
    name: 'precompressed',
    apply: 'build',
    // What is on disk is compressed, for other plugins may still change what is in memory.
    async writeBundle({ dir = '' }, bundle) {
      const texts = Object.keys(bundle).filter((file) => /\.(?:js|css|html|svg)$/.test(file));
      for (const file of texts.map((name) => join(dir, name))) {
        const bytes = await readFile(file);
        if (bytes.length < 1500) continue;
        await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
        await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes));
      }
    },
  };
}

/** The console only reads by its contracts and makes no JSON Schemas of them: what zod has for that stays out of what everybody loads. */
function withoutJsonSchemas(): Plugin {
  return {
    name: 'without-json-schemas',
    apply: 'build',
    transform(code, id) {
      if (!/\/zod\/v4\/core\/(?:to-json-schema|json-schema-processors)\.js$/.test(id)) return null;
      const names = [...code.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name = '']) => name);
      const renamed = [...code.matchAll(/^export \{ \w+ as \w+ \};/gm)].map(([line]) => line);
      return [...names.map((name) => `export const ${name} = () => undefined;`), ...renamed].join('\n');
    },
  };
}

export default defineConfig({
  plugins: [react(), tailwindcss(), withoutJsonSchemas(), precompressed()],
  // Contracts and client are bundled from their sources, so that the console never lags behind them.
  resolve: { conditions: ['devfactory-source', ...defaultClientConditions] },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // A data: URL would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/api': { target: server, changeOrigin: true },
      '/login': { target: server },
    },
  },
});
