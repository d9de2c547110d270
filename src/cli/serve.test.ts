import { describe, expect, it } from 'vitest'
import { commandHere } from './serve.ts'

describe('the command that another terminal has to type', () => {
  it('is plain where nothing but the checkout chooses the installation', () => {
    expect(commandHere({ HSOC_DATA: '' }, '/opt/app')).toBe('bin/hsoc')
  })
  it('names the folder and the file, from wherever it is typed', () => {
    expect(commandHere({ HSOC_DATA: '../d', HSOC_CONFIG: '/etc/hsoc/hsoc.env' }, '/opt/app')).toBe(
      'HSOC_CONFIG=/etc/hsoc/hsoc.env HSOC_DATA=/opt/d bin/hsoc',
    )
  })
  it('quotes a folder whose name a shell would take apart', () => {
    expect(commandHere({ HSOC_DATA: "/srv/it's $here" }, '/')).toBe(
      "HSOC_DATA='/srv/it'\\''s $here' bin/hsoc",
    )
  })
})
