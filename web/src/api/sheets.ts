/** Statements travel as sheets: content-addressed, so sending the same text twice stores it once. */
import { projectId } from '@/lib/names';
import { byteLength, fromBase64, toBase64 } from '@/lib/text';
import { call, putBytes } from './client';
import type { Sheet } from './types';

/** Larger text goes as a raw, streamed body. */
const RAW_ABOVE = 2 * 1024 * 1024;
/** The server's limit for one sheet. */
export const SHEET_MAX_BYTES = 100 * 1024 * 1024;
/** Above this the editor shows the beginning only, as much as the server gives for display. */
export const EDIT_MAX_BYTES = RAW_ABOVE;

const url = (project: string) => `/api/projects/${encodeURIComponent(projectId(project))}/sheets`;

/** Stores a statement and gives the sheet's name. */
export async function saveSheet(project: string, statement: string): Promise<string> {
  if (byteLength(statement) > RAW_ABOVE) return uploadSheet(project, new Blob([statement]));
  const sheet = await call('SheetService/CreateSheet', {
    parent: project,
    sheet: { content: toBase64(statement) },
  });
  return sheet.name ?? '';
}

/** Streams a file to the server as it is. */
export async function uploadSheet(
  project: string,
  body: Blob,
  options: { signal?: AbortSignal; onProgress?: (sent: number) => void } = {},
): Promise<string> {
  const sheet = await putBytes<Sheet>(url(project), body, options);
  return sheet.name ?? '';
}

export interface SheetText {
  /** Of a large sheet the beginning. */
  text: string;
  bytes: number;
  complete: boolean;
}

/** A sheet's text. Unless the whole of it is asked for, the server cuts large ones; `complete` says so. */
export async function readSheet(name: string, whole = false): Promise<SheetText> {
  const sheet = await call('SheetService/GetSheet', { name, raw: whole });
  const text = fromBase64(sheet.content);
  const bytes = Number(sheet.contentSize ?? 0) || byteLength(text);
  return { text, bytes, complete: byteLength(text) >= bytes };
}

/** The beginning of a file as the server would show it; a character that the cut goes through is left out. */
export async function headOf(file: Blob): Promise<string> {
  const bytes = await file.slice(0, EDIT_MAX_BYTES).arrayBuffer();
  return new TextDecoder().decode(bytes, { stream: true });
}
