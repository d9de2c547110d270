/** What messages speak about: category, service, detector and wording of each kind of happening. */

export interface Service {
  port: number
  proto: 'tcp' | 'udp'
  name: string
}

export interface Topic {
  category: string
  /** Last part of the detector's name at the perimeter. */
  detector: 'flow' | 'ids' | 'log'
  services: readonly Service[]
  /** First words of the description; source, service and numbers follow. */
  says: string
  /** Typical flows per message, lowest and highest. */
  flows: readonly [number, number]
  /** Signature number in the detector's rule set. */
  rule: number
  confidence: number
}

const tcp = (port: number, name: string): Service => ({ port, proto: 'tcp', name })
const udp = (port: number, name: string): Service => ({ port, proto: 'udp', name })

const logins = [
  tcp(22, 'ssh'),
  tcp(23, 'telnet'),
  tcp(3389, 'rdp'),
  tcp(445, 'microsoft-ds'),
  tcp(5900, 'rfb'),
]
const webs = [tcp(443, 'https'), tcp(80, 'http'), tcp(8443, 'https-alt')]
const scanned = [
  ...logins,
  ...webs,
  tcp(1433, 'ms-sql-s'),
  tcp(104, 'acr-nema'),
  tcp(21, 'ftp'),
  udp(161, 'snmp'),
]
const mails = [tcp(25, 'smtp')]
const any = [tcp(443, 'https'), tcp(8080, 'http-alt'), udp(123, 'ntp'), udp(500, 'isakmp'), tcp(993, 'imaps')]
const amplifiers = [udp(53, 'domain'), udp(123, 'ntp'), udp(1900, 'ssdp')]

const topic = (
  category: string,
  detector: Topic['detector'],
  services: readonly Service[],
  says: string,
  flows: readonly [number, number],
  rule: number,
  confidence: number,
): Topic => ({ category, detector, services, says, flows, rule, confidence })

export const topics = {
  scan: topic('Recon.Scanning', 'flow', scanned, 'Horizontal scan', [4, 180], 2210011, 0.9),
  search: topic('Recon.Searching', 'ids', webs, 'Requests for well-known weak paths', [2, 30], 2210027, 0.7),
  login: topic('Attempt.Login', 'ids', logins, 'Repeated login attempts', [6, 240], 2210102, 0.85),
  exploit: topic(
    'Attempt.Exploit',
    'ids',
    webs,
    'Request carrying a known exploit pattern',
    [1, 12],
    2210233,
    0.8,
  ),
  worm: topic(
    'Malware.Worm',
    'ids',
    [tcp(445, 'microsoft-ds')],
    'Self-spreading code offered',
    [1, 20],
    2210310,
    0.75,
  ),
  trojan: topic('Malware.Trojan', 'ids', webs, 'Traffic of a known trojan family', [1, 16], 2210318, 0.8),
  cc: topic(
    'Intrusion.Botnet',
    'ids',
    [tcp(443, 'https'), tcp(8080, 'http-alt')],
    'Contact with a control server',
    [1, 6],
    2210350,
    0.85,
  ),
  spam: topic('Abusive.Spam', 'log', mails, 'Unsolicited bulk mail', [1, 60], 2210401, 0.8),
  scam: topic('Fraud.Scam', 'log', mails, 'Mail with a fraudulent offer', [1, 8], 2210410, 0.6),
  phishing: topic('Fraud.Phishing', 'ids', webs, 'Page imitating a sign-in form', [1, 4], 2210418, 0.8),
  access: topic(
    'Information.UnauthorizedAccess',
    'ids',
    webs,
    'Restricted content handed out',
    [1, 6],
    2210441,
    0.75,
  ),
  ddos: topic('Availability.DDoS', 'flow', amplifiers, 'Flood of packets', [400, 9000], 2210500, 0.9),
  traffic: topic('Anomaly.Traffic', 'flow', any, 'Unusual volume', [20, 900], 2210601, 0.5),
  connection: topic('Anomaly.Connection', 'flow', any, 'Unusual connection', [1, 12], 2210604, 0.5),
  protocol: topic('Anomaly.Protocol', 'ids', any, 'Protocol not as expected', [1, 20], 2210612, 0.55),
  application: topic('Anomaly.Application', 'log', any, 'Unusual application record', [1, 6], 2210620, 0.5),
  behaviour: topic('Anomaly.Behaviour', 'flow', any, 'Change of habit', [2, 40], 2210627, 0.45),
  other: topic('Other', 'log', any, 'Record without a closer class', [1, 5], 2210699, 0.4),
  open: topic('Vulnerable.Open', 'log', amplifiers, 'Service open to everybody', [1, 3], 2210701, 0.9),
  config: topic('Vulnerable.Config', 'log', webs, 'Weak configuration', [1, 3], 2210708, 0.85),
  copyright: topic(
    'Fraud.Copyright',
    'log',
    [tcp(6881, 'bittorrent')],
    'Offer of protected works',
    [1, 30],
    2210711,
    0.7,
  ),
} satisfies Record<string, Topic>

export type TopicName = keyof typeof topics
