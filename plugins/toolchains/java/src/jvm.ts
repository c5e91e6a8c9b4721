/** A JVM sees the machine's memory and cores, not the sandbox's: told to stay small, and to be quick rather than fast. */
export const jvmFlags = '-Xmx768m -Xss1m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:ActiveProcessorCount=2';

/** Where phase 1 leaves artifacts, class paths and the tests' runner. */
export const dependencies = '.devfactory/maven';
