/** An IPv4 address inside IPv6, which is how a socket that takes both names its IPv4 peers. */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * The smallest network that one party surely holds: an IPv4 address itself; of an IPv6 address the /64, since each host may
 * take any address in its own. `address` is as a socket names its peer.
 */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%');
  const mapped = MAPPED.exec(bare)?.[1];
  if (mapped !== undefined || !bare.includes(':')) return mapped ?? bare;
  const [before = '', behind] = bare.split('::');
  const [left, right] = [groupsOf(before), groupsOf(behind ?? '')];
  const omitted = behind === undefined ? 0 : Math.max(0, GROUPS - left.length - right.length);
  const groups = [...left, ...Array.from({ length: omitted }, () => '0'), ...right];
  return `${groups.slice(0, NETWORK_GROUPS).map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** The two groups that dots may write come last, outside of every /64. */
function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
}
