/** List filters in the API's CEL subset. User text is quoted here and nowhere else. */

const quote = (text: string) => JSON.stringify(text);

/** `name.contains("…")`, or undefined for no text. The server compares without regard to case. */
export const contains = (field: string, text: string | undefined): string | undefined =>
  text?.trim() ? `${field}.contains(${quote(text.trim())})` : undefined;

export const equals = (field: string, value: string | undefined): string | undefined =>
  value ? `${field} == ${quote(value)}` : undefined;

/** All of the given conditions, or undefined when there is none. */
export function all(...conditions: (string | undefined)[]): string | undefined {
  const present = conditions.filter(Boolean);
  return present.length > 0 ? present.join(' && ') : undefined;
}
