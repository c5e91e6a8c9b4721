import type { ServiceName } from '@devfactory/kit';

/**
 * How a server for tests is found and run in a sandbox. The scripts are bash; `$data` is a folder of the service's own below the
 * sandbox's home, which may not be there yet. Nothing of the project is read.
 */
export interface Service {
  readonly name: ServiceName;
  readonly debianPackage: string;
  /** Prints the program's own words on its version and exits 0, or exits with another code where it is not installed. */
  readonly find: string;
  /** Makes the data where there are none, and becomes the server, in the foreground. */
  readonly run: string;
  /** Exits 0 when the server answers. */
  readonly ready: string;
}
