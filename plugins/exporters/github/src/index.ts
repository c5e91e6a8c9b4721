export { createGitHubExporter } from './github-exporter.ts';
