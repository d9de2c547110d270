/** Node types that the Warden servers in use know; filters by others are refused as they refuse them. */
export const knownTags = new Set([
  'Connection', 'Datagram', 'Content', 'Data', 'File', 'Flow', 'Log', 'Protocol', 'Host', 'Network', 'Correlation', 'External', 'Reporting',
  'Relay', 'Auth', 'Blackhole', 'Signature', 'Statistical', 'Heuristic', 'Integrity', 'Policy', 'Honeypot', 'Tarpit', 'Recon', 'Monitor', 'Other',
])
