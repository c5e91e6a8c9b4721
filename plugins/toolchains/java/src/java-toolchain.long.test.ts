// With the long tests every tree of the suite is compiled and run.
import './java-toolchain.test.ts';
