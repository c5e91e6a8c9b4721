export { createZipExporter } from './zip-exporter.ts';
