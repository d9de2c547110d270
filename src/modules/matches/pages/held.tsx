/** Names of products that match too much: nobody hears of them before a coordinator lets them go. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Form, Notice } from '../../../ui/index.ts'
import type { Held } from '../sector.ts'

/** `titled`: each with the advisory that it comes from. */
export function HeldNames({ frame, held, titled }: { frame: Frame; held: Held[]; titled?: boolean }) {
  const { t, csrf } = frame
  const byAdvisory = Map.groupBy(held, ({ advisory }) => advisory)
  return (
    <>
      {[...byAdvisory].map(([advisory, names]) => (
        <Notice key={advisory} kind="careful" title={titled ? names[0]?.title : t('matches.held')}>
          {names.map(({ vendor, product, names: n, makers }) => (
            <p key={`${vendor} ${product}`}>
              {t('matches.held.what', { name: `${vendor} ${product}`.trim(), n, makers })}
            </p>
          ))}
          {titled && (
            <p>
              <a href={`/advisories/${advisory}`}>{t('matches.advisory.open')}</a>
            </p>
          )}
          <Form action={`/advisories/${advisory}/release`} csrf={csrf} label={t('matches.held.release')}>
            <Actions>
              <Button consequence={t('matches.held.consequence')}>{t('matches.held.release')}</Button>
            </Actions>
          </Form>
        </Notice>
      ))}
    </>
  )
}
