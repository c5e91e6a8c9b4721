import { LocalModel, type LoadOrder } from './local-model.ts';
import { serve } from './server.ts';

/** What the process is told as its one argument. Nothing of it is secret. */
interface WorkerOrder extends LoadOrder {
  readonly name: string;
  readonly socket: string;
}

const [order = '{}'] = process.argv.slice(2);
const { name, socket, ...load } = JSON.parse(order) as WorkerOrder;
const server = serve(await LocalModel.load(load), name);
// Nothing connects before the model is there: that it can be reached is the sign that it is loaded.
server.listen(socket);
