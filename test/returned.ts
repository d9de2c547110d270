/** A report of a mail server (RFC 3464) that a mail could not be delivered. */
export const returnedMail = (status: string, said: string): Buffer =>
  Buffer.from(
    [
      'From: MAILER-DAEMON@mx.example',
      'Subject: Undelivered',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'sorry',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example',
      '',
      'Final-Recipient: rfc822; somebody@else.example',
      'Action: failed',
      `Status: ${status}`,
      `Diagnostic-Code: smtp; ${said}`,
      '--b--',
      '',
    ].join('\r\n'),
  )
