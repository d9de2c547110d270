/** An answer's form as text, and what becomes of it. */
import { type AnswerWord, answerWords } from '../../written/types.ts'
import { text } from '../access.ts'

export interface GivenForm {
  note: string
  plannedOn: string
  affected: string
}

export const wordOf = (value: unknown): AnswerWord | null =>
  answerWords.find((word) => word === value) ?? null

export const formOf = (body: unknown): GivenForm => ({
  note: text(body, 'note'),
  plannedOn: text(body, 'plannedOn'),
  affected: text(body, 'affected').trim(),
})

/** What is no number is passed on as one that the verb refuses. */
export const detailsOf = (form: GivenForm) => ({
  note: form.note,
  plannedOn: form.plannedOn || null,
  affected: form.affected === '' ? null : /^\d{1,9}$/.test(form.affected) ? Number(form.affected) : -1,
})
