// With the long tests the lie of each language is put before the verifier as well.
import './verify-toolchains.e2e.test.ts';
