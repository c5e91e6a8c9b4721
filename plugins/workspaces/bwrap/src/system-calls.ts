/** How a processor names itself to the kernel, and its numbers for system calls. */
interface Processor {
  readonly audit: number;
  /** Programs there do without, when it is said not to be there. */
  readonly absent: readonly number[];
  readonly refused: readonly number[];
  /** Numbers from here on are another set of calls for the same processor. */
  readonly others: number | null;
}

/** What no program of a project needs, and where most ways out of a kernel were found: keys, BPF, io_uring, counters, handles, modules, mounts. */
const processors: Readonly<Record<string, Processor>> = {
  x64: {
    audit: 0xc000003e,
    absent: [425, 426, 427],
    refused: [
      // add_key, request_key, keyctl, bpf, perf_event_open, userfaultfd, name_to_handle_at, open_by_handle_at
      248, 249, 250, 321, 298, 323, 303, 304,
      // kexec_load, kexec_file_load, init_module, finit_module, delete_module, reboot, swapon, swapoff, acct
      246, 320, 175, 313, 176, 169, 167, 168, 163,
      // mount, umount2, pivot_root, setns, open_tree to fspick, mount_setattr, quotactl, quotactl_fd
      165, 166, 155, 308, 428, 429, 430, 431, 432, 433, 442, 179, 443,
      // syslog, vhangup, lookup_dcookie, iopl, ioperm
      103, 153, 212, 172, 173,
    ],
    others: 0x40000000,
  },
  arm64: {
    audit: 0xc00000b7,
    absent: [425, 426, 427],
    refused: [
      217, 218, 219, 280, 241, 282, 264, 265, 104, 294, 105, 273, 106, 142, 224, 225, 89, 40, 39, 41, 268, 428, 429,
      430, 431, 432, 433, 442, 60, 443, 116, 58, 18,
    ],
    others: null,
  },
};

const load = 0x20;
const jumpIfEqual = 0x15;
const jumpIfAtLeast = 0x35;
const give = 0x06;
const numberAt = 0;
const processorAt = 4;
const allow = 0x7fff0000;
const notThere = 0x00050000 + 38;
const notPermitted = 0x00050000 + 1;

/**
 * A program for the kernel (classic BPF) that judges each system call of a sandbox; null for a processor that it does not know. Calls of
 * another architecture on the same processor would have other numbers, so there are none.
 */
export function systemCallFilter(arch: string): Uint8Array | null {
  const processor = processors[arch];
  if (!processor) return null;
  const { audit, absent, refused, others } = processor;
  const lines: [code: number, ifTrue: number, ifFalse: number, value: number][] = [
    [load, 0, 0, processorAt],
    [jumpIfEqual, 1, 0, audit],
    [give, 0, 0, notThere],
    [load, 0, 0, numberAt],
  ];
  if (others !== null) lines.push([jumpIfAtLeast, 0, 1, others], [give, 0, 0, notThere]);
  for (const number of absent) lines.push([jumpIfEqual, 0, 1, number], [give, 0, 0, notThere]);
  for (const number of refused) lines.push([jumpIfEqual, 0, 1, number], [give, 0, 0, notPermitted]);
  lines.push([give, 0, 0, allow]);
  const program = Buffer.alloc(lines.length * 8);
  for (const [index, [code, ifTrue, ifFalse, value]] of lines.entries()) {
    program.writeUInt16LE(code, index * 8);
    program.writeUInt8(ifTrue, index * 8 + 2);
    program.writeUInt8(ifFalse, index * 8 + 3);
    program.writeUInt32LE(value, index * 8 + 4);
  }
  return program;
}
