import { TextField, type TextFieldProps } from '@/ui/Field';

/** A one-time code: digits on a phone's keyboard, filled in by what knows it. */
export const CodeField = (props: TextFieldProps) => (
  <TextField inputMode="numeric" autoComplete="one-time-code" spellCheck={false} mono {...props} />
);
