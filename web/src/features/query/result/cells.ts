/** One value of the wire as the text that a person reads. 64-bit numbers arrive as text and stay text. Pure. */
import type { QueryResult } from '@/api/types';
import { KIND, type Kind } from './frame';

type Row = NonNullable<QueryResult['rows']>[number];
export type Value = NonNullable<Row['values']>[number];

const NUMBERS =
  /^(numeric|decimal|dec|number|money|fixed|u?int|bigint|smallint|tinyint|mediumint|integer|float|double|real)/i;

/** What a text of a column of this type is. */
export function kindOfType(type: string): Kind {
  if (NUMBERS.test(type)) return KIND.NUMBER;
  return /^jsonb?$/i.test(type) ? KIND.JSON : KIND.TEXT;
}

const isNumberText = (text: string) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);

/** @returns kind and text. `textKind` is what the column's type says of a text. */
export function cellOf(value: Value | null | undefined, textKind: Kind): [Kind, string] {
  if (!value) return [KIND.NULL, ''];
  if (value.stringValue !== undefined) {
    const text = value.stringValue;
    return [textKind === KIND.NUMBER && !isNumberText(text) ? KIND.TEXT : textKind, text];
  }
  if (value.int64Value !== undefined) return [KIND.NUMBER, String(value.int64Value)];
  if (value.int32Value !== undefined) return [KIND.NUMBER, String(value.int32Value)];
  const number = value.doubleValue ?? value.floatValue ?? value.uint32Value ?? value.uint64Value;
  if (number !== undefined) return [KIND.NUMBER, String(number)];
  if (value.boolValue !== undefined) return [KIND.BOOL, String(value.boolValue)];
  if (value.bytesValue !== undefined) return [KIND.BYTES, hexOf(value.bytesValue)];
  if (value.timestampValue) return [KIND.TIME, localTime(value.timestampValue.googleTimestamp ?? '')];
  if (value.timestampTzValue) {
    const { googleTimestamp = '', offset = 0 } = value.timestampTzValue;
    return [KIND.TIME, zonedTime(googleTimestamp, offset)];
  }
  if (value.valueValue !== undefined && value.valueValue !== null)
    return [KIND.JSON, JSON.stringify(value.valueValue)];
  return [KIND.NULL, ''];
}

/** `0x0aff` of base64. */
export function hexOf(base64: string): string {
  const binary = atob(base64);
  let hex = '0x';
  for (let i = 0; i < binary.length; i += 1) hex += binary.charCodeAt(i).toString(16).padStart(2, '0');
  return hex;
}

/** `2026-01-02 03:04:05.5`: as databases print it, without zeros that say nothing. */
function localTime(timestamp: string): string {
  const [, day = '', time = '', fraction = ''] = /^(.+)T([\d:]+)(?:\.(\d+))?/.exec(timestamp) ?? [];
  if (!day) return timestamp;
  const digits = fraction.replace(/0+$/, '');
  return `${day} ${time}${digits && `.${digits}`}`;
}

/** The same instant on the clock of a zone so many seconds east of UTC. */
function zonedTime(timestamp: string, offset: number): string {
  const whole = Date.parse(timestamp.replace(/\.\d+/, ''));
  if (Number.isNaN(whole)) return timestamp;
  const fraction = /\.\d+/.exec(timestamp)?.[0] ?? '';
  const there = new Date(whole + offset * 1000).toISOString().replace(/\.000Z$/, `${fraction}Z`);
  const two = (n: number) => String(n).padStart(2, '0');
  const [minutes, seconds] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  const parts = [two(Math.floor(minutes / 60)), two(minutes % 60), ...(seconds ? [two(seconds)] : [])];
  return `${localTime(there)}${offset < 0 ? '-' : '+'}${parts.join(':')}`;
}
