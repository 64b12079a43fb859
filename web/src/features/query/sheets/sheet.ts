/** A tab of the SQL editor: a text and the database that it is for. Pure. */

export interface Sheet {
  id: string;
  /** Given by a person; else the sheet goes by its number. */
  title: string;
  number: number;
  text: string;
  /** '' until one is chosen. */
  database: string;
  project: string;
  /** Where names without a schema are looked up; '' leaves it to the server. */
  schema: string;
  /** Rows of a result. */
  limit: number;
  /** Changed since it was last run. */
  dirty: boolean;
  /** Place among the tabs. */
  place: number;
  /** When it was closed, in milliseconds. */
  closed?: number | undefined;
}

export const LIMITS = [100, 1_000, 10_000, 100_000] as const;
export const DEFAULT_LIMIT = 1_000;
/** Closed sheets that can be opened again. */
const KEPT_CLOSED = 20;

export interface Sheets {
  open: readonly Sheet[];
  /** The last closed first. */
  closed: readonly Sheet[];
  active: string;
}

const byPlace = (a: Sheet, b: Sheet) => a.place - b.place || a.number - b.number;

/** What was stored, in order; never without an open sheet. */
export function arrange(stored: readonly Sheet[], active: string, id: () => string): Sheets {
  const open = stored.filter(({ closed }) => !closed).sort(byPlace);
  const closed = stored.filter((s) => s.closed).sort((a, b) => (b.closed ?? 0) - (a.closed ?? 0));
  const some = open.length > 0 ? open : [newSheet(id(), [])];
  return { open: some, closed, active: (some.find((s) => s.id === active) ?? some[0])?.id ?? '' };
}

/** Beside the last one. Its number is the least that no open sheet has. */
export function newSheet(id: string, open: readonly Sheet[], given: Partial<Sheet> = {}): Sheet {
  let number = 1;
  while (open.some((sheet) => sheet.number === number)) number += 1;
  return {
    id,
    title: '',
    number,
    text: '',
    database: '',
    project: '',
    schema: '',
    limit: DEFAULT_LIMIT,
    dirty: false,
    place: Math.max(0, ...open.map(({ place }) => place)) + 1,
    ...given,
  };
}

/** Nothing would be lost without it. */
export const isBlank = ({ text, title }: Sheet) => text.trim() === '' && title === '';

/** Without the sheet; its neighbour is active then. A blank sheet is not kept among the closed. */
export function withoutSheet(sheets: Sheets, id: string, now: number, newId: () => string): Sheets {
  const place = sheets.open.findIndex((sheet) => sheet.id === id);
  const gone = sheets.open[place];
  if (!gone) return sheets;
  const rest = sheets.open.filter((sheet) => sheet !== gone);
  const { database, project, limit } = gone;
  const open = rest.length > 0 ? rest : [newSheet(newId(), [], { database, project, limit })];
  const next = open[Math.min(place, open.length - 1)]?.id ?? '';
  const closed = isBlank(gone) ? sheets.closed : [{ ...gone, closed: now }, ...sheets.closed];
  return { open, closed: closed.slice(0, KEPT_CLOSED), active: sheets.active === id ? next : sheets.active };
}

/** The last closed sheet is open again. */
export function reopened(sheets: Sheets): Sheets {
  const [last, ...closed] = sheets.closed;
  if (!last) return sheets;
  const place = Math.max(0, ...sheets.open.map((sheet) => sheet.place)) + 1;
  const sheet: Sheet = { ...last, closed: undefined, place };
  return { open: [...sheets.open, sheet], closed, active: sheet.id };
}
