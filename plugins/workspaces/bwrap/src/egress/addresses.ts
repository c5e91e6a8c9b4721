import { BlockList, isIP } from 'node:net';

const ranges = {
  ipv4: [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '224.0.0.0/3',
    // A cloud's own services, on an address that looks public.
    '168.63.129.16/32',
  ],
  ipv6: [
    '::/127',
    'fc00::/7',
    'fe80::/10',
    'fec0::/10',
    'ff00::/8',
    '100::/64',
    // Addresses that carry an IPv4 one: nobody reaches a package registry that way, so they are refused whatever they carry.
    '::ffff:0:0/96',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '2002::/16',
    '2001::/32',
  ],
} as const;

// One list each: in a common one '::ffff:0:0/96' would mean every IPv4 address.
const blocked = { ipv4: blockList('ipv4'), ipv6: blockList('ipv6') };

function blockList(family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges[family]) {
    const [address = '', bits = ''] = range.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** Whether an address belongs to this machine, its network or its cloud rather than to the internet. What is no address is private. */
export function isPrivateAddress(address: string): boolean {
  const plain = address.startsWith('[') ? address.slice(1, -1) : address;
  const family = isIP(plain);
  if (family === 0) return true;
  return family === 4 ? blocked.ipv4.check(plain, 'ipv4') : blocked.ipv6.check(plain, 'ipv6');
}
