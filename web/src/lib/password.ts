/** Password rules, shown live. The server decides; these are its defaults so that nobody has to guess. */
import type { PasswordRestriction } from '@/api/types';

export type PasswordRule = 'length' | 'letter' | 'number' | 'uppercase' | 'special';

export const DEFAULT_RULES: PasswordRestriction = { minLength: 8, requireNumber: true, requireLetter: true };

/** The rules that hold and whether `password` meets each. */
export function checkPassword(
  password: string,
  rules: PasswordRestriction = DEFAULT_RULES,
): { rule: PasswordRule; met: boolean; min: number }[] {
  const min = rules.minLength || 8;
  const all: [PasswordRule, boolean | undefined, boolean][] = [
    ['length', true, [...password].length >= min],
    ['letter', rules.requireLetter, /\p{L}/u.test(password)],
    ['number', rules.requireNumber, /\d/.test(password)],
    ['uppercase', rules.requireUppercaseLetter, /\p{Lu}/u.test(password)],
    ['special', rules.requireSpecialCharacter, /[^\p{L}\p{N}\s]/u.test(password)],
  ];
  return all.filter(([, required]) => required).map(([rule, , met]) => ({ rule, met, min }));
}

export const isEmail = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
