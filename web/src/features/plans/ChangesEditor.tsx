import type { RefObject } from 'react';
import type { Finding } from '@/features/checks/findings';
import type { EditorHandle } from '@/features/editor/SqlEditor';
import type { EditorThreads } from '@/features/threads/usePlanThreads';
import { cn } from '@/lib/cn';
import { ChangeEditor } from './ChangeEditor';
import { ChangeList } from './ChangeList';
import type { Change } from './changes';

export interface ChangesProps {
  project: string;
  changes: Change[];
  onChange: (changes: Change[]) => void;
  onSave?: () => void;
  readOnly?: boolean;
  /** What the plan's checks found in a change, by its id. */
  findingsIn?: (id: string) => readonly Finding[];
  /** Whether the checks speak of the SQL as it stands here. */
  isChecked?: (change: Change) => boolean;
  /** Hears what the review says of the SQL that shows, while it is written. */
  onLive?: (findings: readonly Finding[]) => void;
  handle: RefObject<EditorHandle | null>;
  /** The change that shows; the page decides, so that a finding can open its change. */
  current: number;
  onCurrent: (place: number) => void;
  /** The line of the current change that a link names, and what makes such a link. */
  line?: number | undefined;
  onLine?: (line: number) => void;
  /** What is said about lines. */
  threads?: EditorThreads | undefined;
}

/** The changes of a plan: a list when there are several, and the SQL and targets of the chosen one. */
export function ChangesEditor(props: ChangesProps) {
  const { changes, onChange, current } = props;
  const change = changes[current] ?? changes[0];
  if (!change) return null;
  const several = changes.length > 1;
  return (
    <div className={cn('grid gap-4', several && 'lg:grid-cols-[17rem_minmax(0,1fr)]')}>
      {several && <ChangeList {...props} />}
      <ChangeEditor
        key={change.id}
        {...props}
        change={change}
        patch={(next) => onChange(changes.map((c) => (c === change ? { ...c, ...next } : c)))}
      />
    </div>
  );
}
