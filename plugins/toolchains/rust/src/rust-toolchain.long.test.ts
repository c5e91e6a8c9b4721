// With the long tests every tree of the suite is compiled and run.
import './rust-toolchain.test.ts';
