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

export default defineConfig({
  plugins: [react(), tailwindcss(), precompressed()],
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
