import { limits } from '@devfactory/contracts';
import { RouteConfig } from '@nestjs/platform-fastify';

/**
 * Who may use a route. `public`: anyone who reaches the port. `person`: a logged-in browser or the holder of the CLI's
 * token. A route without a policy is refused.
 */
export type Policy = 'public' | 'person';

/** For whoever signs the body, which the route itself finds out: it gets the text as it came, unread. */
export const AllowSigned = (): MethodDecorator =>
  RouteConfig({ policy: 'public', bodyLimit: limits.hookBytes, unread: true });

/** Declares a route's policy. */
export const Allow = (policy: Policy): MethodDecorator => RouteConfig({ policy });

/** For persons, with a body that may be as large as a run's request with its script. */
export const AllowLargeBody = (): MethodDecorator =>
  RouteConfig({ policy: 'person', bodyLimit: limits.scriptBytes + 4_000_000 });

/** For persons, with a body as large as an upload. */
export const AllowUpload = (): MethodDecorator => RouteConfig({ policy: 'person', bodyLimit: limits.uploadBytes + 1 });

/** For persons, with a body as large as one file of a workspace. */
export const AllowFile = (): MethodDecorator => RouteConfig({ policy: 'person', bodyLimit: limits.fileBytes });
