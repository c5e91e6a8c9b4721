export { createAzureExporter } from './azure-exporter.ts';
