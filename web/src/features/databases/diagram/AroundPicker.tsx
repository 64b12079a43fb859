/** Chooses the table a diagram is drawn around: by typing a part of its name. */
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDebounced } from '@/hooks/useDebounced';
import { cn } from '@/lib/cn';
import { controlClass } from '@/ui/Field';
import type { Entity } from './graph';

/** A browser takes long over a list of thousands at each key; nobody reads past these. */
const OFFERED = 50;

interface Props {
  entities: readonly Entity[];
  focus: string | undefined;
  /** The table, or nothing when the field was emptied. */
  onChoose: (id: string | undefined) => void;
}

export function AroundPicker({ entities, focus, onChoose }: Props) {
  const { t } = useTranslation();
  const list = useId();
  const [text, setText] = useState(focus ?? '');
  const typed = useRef(false);
  // Names begin alike: only what stands for a while is drawn.
  const settled = useDebounced(text);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked when the text has settled, not when the tables change
  useEffect(() => {
    if (!typed.current || settled !== text) return;
    typed.current = false;
    if (settled === '' || entities.some(({ id }) => id === settled)) onChoose(settled || undefined);
  }, [settled, text]);
  useEffect(() => {
    if (!typed.current) setText(focus ?? '');
  }, [focus]);
  const wanted = text.toLowerCase();
  const offered: Entity[] = [];
  for (const entity of entities) {
    if (offered.length === OFFERED) break;
    if (entity.id.toLowerCase().includes(wanted)) offered.push(entity);
  }
  return (
    <>
      <input
        type="text"
        list={list}
        aria-label={t('diagram.around')}
        placeholder={t('diagram.around')}
        value={text}
        onChange={(event) => {
          typed.current = true;
          setText(event.target.value);
        }}
        className={cn(controlClass(), 'h-8 w-64! max-w-full')}
      />
      <datalist id={list}>
        {offered.map(({ id }) => (
          <option key={id} value={id} />
        ))}
      </datalist>
    </>
  );
}
