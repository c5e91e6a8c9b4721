export { flaskApi as nodeApi } from '../flask-api/manifest.ts';
