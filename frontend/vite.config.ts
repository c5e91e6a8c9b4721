import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const server = process.env['DEVFACTORY_URL'] ?? 'http://127.0.0.1:7717';

export default defineConfig({
  plugins: [react(), tailwindcss()],
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
    proxy: { '/api': { target: server, changeOrigin: true }, '/login': { target: server, bypass: (request) => (request.url?.includes('token=') ? null : request.url) } },
  },
});
