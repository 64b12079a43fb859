/**
 * Short messages at the corner, with at most one button (Undo). Own code instead of a library: those at
 * hand write a <style> into the page, which the content security policy refuses.
 */
import { X } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';

interface ToastInput {
  text: string;
  tone?: 'info' | 'danger';
  action?: { label: string; run: () => void };
}
interface Shown extends ToastInput {
  id: number;
}

const PLAIN_MS = 4_000;
/** Long enough to read and decide. */
const ACTION_MS = 8_000;

let shown: readonly Shown[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly Shown[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

export function toast(input: ToastInput): void {
  set([...shown.slice(-2), { ...input, id: nextId++ }]);
}

const dismiss = (id: number) => set(shown.filter((item) => item.id !== id));

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function Toaster() {
  const items = useSyncExternalStore(subscribe, () => shown);
  return (
    <div className="pointer-events-none fixed right-4 bottom-4 z-50 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2">
      {items.map((item) => (
        <ToastItem key={item.id} item={item} />
      ))}
    </div>
  );
}

function ToastItem({ item }: { item: Shown }) {
  const { t } = useTranslation();
  const { id, action } = item;
  useEffect(() => {
    const timer = setTimeout(() => dismiss(id), action ? ACTION_MS : PLAIN_MS);
    return () => clearTimeout(timer);
  }, [id, action]);
  return (
    <div
      role={item.tone === 'danger' ? 'alert' : 'status'}
      className={cn(
        'pointer-events-auto flex animate-rise items-center gap-3 rounded-card border bg-raised py-2 pr-2 pl-3 shadow-overlay',
        item.tone === 'danger' ? 'border-danger' : 'border-line',
      )}
    >
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{item.text}</span>
      {action && (
        <button
          type="button"
          className="rounded-button px-2 py-1 font-medium text-accent hover:bg-hover"
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <button
        type="button"
        aria-label={t('action.dismiss')}
        onClick={() => dismiss(id)}
        className="grid size-7 place-items-center rounded-button text-muted hover:bg-hover hover:text-text"
      >
        <X className="size-4" aria-hidden="true" />
      </button>
    </div>
  );
}
