/** The kind of what a file does not say one of: operating systems and programs are no medical devices, whatever the form's choice. */
import type { Kind } from '../asset.ts'
import { wordsOf } from '../normal.ts'
import type { Given } from '../understand.ts'

/** How names begin, the maker's included where the word alone could be anybody's. A device that runs on one of these begins otherwise. */
const beginnings: [Kind, string[]][] = [
  [
    'system',
    [
      'windows',
      'microsoft windows',
      'linux',
      'ubuntu',
      'debian',
      'centos',
      'fedora',
      'rocky linux',
      'almalinux',
    ].concat(
      [
        'red hat enterprise linux',
        'rhel',
        'suse linux',
        'suse',
        'opensuse',
        'freebsd',
        'openbsd',
        'netbsd',
        'macos',
      ],
      [
        'mac os',
        'apple macos',
        'oracle solaris',
        'oracle linux',
        'solaris',
        'ibm aix',
        'vmware esxi',
        'esxi',
        'proxmox',
      ],
      ['google android', 'apple ios'],
    ),
  ],
  [
    'software',
    [
      'microsoft office',
      'microsoft sql server',
      'sql server',
      'microsoft exchange',
      'exchange server',
      'postgresql',
    ].concat(
      [
        'microsoft edge',
        'internet explorer',
        'microsoft internet explorer',
        'microsoft sharepoint',
        'microsoft 365',
      ],
      [
        'microsoft .net',
        '.net framework',
        'google chrome',
        'mozilla firefox',
        'firefox',
        'mozilla thunderbird',
      ],
      [
        'adobe acrobat',
        'adobe reader',
        'adobe flash',
        'oracle database',
        'oracle java',
        'oracle mysql',
        'mysql',
      ],
      [
        'mariadb',
        'apache',
        'nginx',
        'openssl',
        'openssh',
        'php',
        'libreoffice',
        'teamviewer',
        'openjdk',
        'vlc',
      ],
    ),
  ],
]
const known = beginnings.flatMap(([kind, names]) => names.map((name) => ({ kind, words: wordsOf(name) })))

const begins = (words: string[], name: string[]): boolean => name.every((word, at) => words[at] === word)

/** `chosen` unless name or package URL say otherwise; a CPE does not, as the firmware of a device has one of an operating system. */
export function kindFor({ vendor = '', product = '', purl = '' }: Given, chosen: string): string {
  if (chosen !== 'medical') return chosen
  if (purl.startsWith('pkg:')) return 'software'
  const words = wordsOf(product)
  const whole = begins(words, wordsOf(vendor)) ? words : [...wordsOf(vendor), ...words]
  return known.find((one) => begins(words, one.words) || begins(whole, one.words))?.kind ?? chosen
}
