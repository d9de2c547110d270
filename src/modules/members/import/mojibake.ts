/** Text that was saved in one encoding and read in another. */

/** What the second byte of a Czech letter in UTF-8 looks like when it was read as windows-1250 or Latin-1. */
const second = '\u0080-\u00bf€‚„…†‡‰Š‹ŚŤŽŹ‘’“”•–—™š›śťžźˇ˘ŁĄŞŻ˛łąşĽ˝ľż'
/** Such letters after what their first byte looks like, and marks of a letter that was lost on the way. */
const broken = new RegExp(`[ĂÄĹÅÃ][${second}]|\ufffd|\\p{L}\\?\\p{L}`, 'u')

/** Some letters look as if the file had been read, or saved, in a wrong encoding. Finds, never repairs. */
export const hasBrokenAccents = (text: string): boolean => broken.test(text)
