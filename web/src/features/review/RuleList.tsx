import { Undo2 } from 'lucide-react';
import { useCallback, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Engine, RuleConfig } from '@/api/types';
import { NoMatch, SearchBox } from '@/components/ListTools';
import { useEngines } from '@/features/instances/engines';
import { useSearchState } from '@/hooks/useSearch';
import { paths } from '@/lib/paths';
import { Button } from '@/ui/Button';
import { Menu, MenuItem, MenuLabel } from '@/ui/Menu';
import { Select } from '@/ui/Select';
import { Count } from '@/ui/Tabs';
import { LevelMark } from './LevelMark';
import { RuleRow } from './RuleRow';
import { atLevel, byCategory, type Edits, keyOf, LEVELS, type Level, levelOf, unknownRules } from './rules';
import type { RuleDoc } from './service';

const EVERY = 'every';

interface Props {
  config: string;
  docs: readonly RuleDoc[];
  engine: Engine;
  /** With the edits in them. */
  rules: readonly RuleConfig[];
  edits: Edits;
  refusals: Readonly<Record<string, string>>;
  readOnly: boolean;
  onEdit: (key: string, rule: RuleConfig | null) => void;
}

/** The rules for an engine by category, searched and filtered by the URL. */
export function RuleList({ config, docs, engine, rules, edits, refusals, readOnly, onEdit }: Props) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const byKey = useMemo(() => new Map(rules.map((rule) => [keyOf(rule), rule])), [rules]);
  const ofEngine = useMemo(() => docs.filter((doc) => doc.engine === engine), [docs, engine]);
  const ruleOf = (doc: RuleDoc) => byKey.get(keyOf(doc));
  const groups = byCategory(
    ofEngine,
    { text: search.q ?? '', category: search.category, level: search.level },
    (doc) => levelOf(ruleOf(doc)),
  );
  const shown = groups.reduce((sum, [, list]) => sum + list.length, 0);
  const categories = [...new Set(ofEngine.map((doc) => doc.category))];
  // What a rule was told stays when it goes off and on again.
  const remembered = useRef(new Map<string, RuleConfig>());
  for (const rule of rules) remembered.current.set(keyOf(rule), rule);
  const setLevel = useCallback(
    (doc: RuleDoc, level: Level) => {
      const key = keyOf(doc);
      onEdit(key, atLevel(doc, level, remembered.current.get(key)));
    },
    [onEdit],
  );
  const setAll = (level: (doc: RuleDoc) => Level) => {
    for (const doc of groups.flatMap(([, list]) => list)) setLevel(doc, level(doc));
  };
  const setRule = useCallback((rule: RuleConfig) => onEdit(keyOf(rule), rule), [onEdit]);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <EngineSelect docs={docs} engine={engine} />
        <SearchBox label={t('review.search')} />
        <Select
          bare
          className="w-44!"
          label={t('review.doc.category')}
          value={search.category ?? EVERY}
          onChange={(category) => setSearch({ category: category === EVERY ? undefined : category })}
          options={[
            { value: EVERY, label: t('review.everyCategory') },
            ...categories.map((category) => ({
              value: category,
              label: t(`review.category.${category}` as 'review.category.NAMING'),
            })),
          ]}
        />
        <Select
          bare
          className="w-36!"
          label={t('review.levelFilter')}
          value={search.level ?? EVERY}
          onChange={(level) => setSearch({ level: level === EVERY ? undefined : level })}
          options={[
            { value: EVERY, label: t('review.everyLevel') },
            ...LEVELS.map((level) => ({ value: level, label: t(`review.level.${level}`) })),
          ]}
        />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p role="status" className="text-caption text-muted">
          {t('review.shown', { shown, total: ofEngine.length })}
        </p>
        {!readOnly && shown > 0 && (
          <Menu trigger={<Button size="sm">{t('review.setAll', { count: shown })}</Button>}>
            <MenuLabel>{t('review.setAllText', { count: shown })}</MenuLabel>
            {LEVELS.map((level) => (
              <MenuItem key={level} icon={<LevelMark level={level} />} onSelect={() => setAll(() => level)}>
                {t(`review.level.${level}`)}
              </MenuItem>
            ))}
            <MenuItem icon={<Undo2 aria-hidden="true" />} onSelect={() => setAll((doc) => doc.usual)}>
              {t('review.asUsual')}
            </MenuItem>
          </Menu>
        )}
      </div>
      {groups.length === 0 && <NoMatch clear={{ category: undefined, level: undefined }} />}
      {groups.map(([category, list]) => (
        <section key={category} className="flex flex-col gap-1.5">
          <h3 id={`rules-${category}`} className="flex items-center gap-2 text-small font-semibold">
            {t(`review.category.${category}` as 'review.category.NAMING')} <Count>{list.length}</Count>
          </h3>
          <ul aria-labelledby={`rules-${category}`} className="rounded-card border border-line bg-raised">
            {list.map((doc) => {
              const key = keyOf(doc);
              return (
                <RuleRow
                  key={key}
                  doc={doc}
                  rule={byKey.get(key)}
                  changed={key in edits}
                  refusal={refusals[key]}
                  readOnly={readOnly}
                  onLevel={setLevel}
                  onChange={setRule}
                  docsUrl={paths.reviewConfig(config, { ...search, panel: doc.type })}
                />
              );
            })}
          </ul>
        </section>
      ))}
      <UnknownRules
        rules={unknownRules(rules, docs)}
        readOnly={readOnly}
        onRemove={(key) => onEdit(key, null)}
      />
    </>
  );
}

interface UnknownProps {
  rules: readonly RuleConfig[];
  readOnly: boolean;
  onRemove: (key: string) => void;
}

/** They do nothing here, and are kept for a server that knows them, or taken out. */
function UnknownRules({ rules, readOnly, onRemove }: UnknownProps) {
  const { t } = useTranslation();
  if (rules.length === 0) return null;
  return (
    <details className="text-small">
      <summary className="cursor-pointer font-medium">{t('review.unknown', { count: rules.length })}</summary>
      <ul
        aria-label={t('review.unknown', { count: rules.length })}
        className="mt-2 rounded-card border border-line bg-raised"
      >
        {rules.map((rule) => (
          <li
            key={keyOf(rule)}
            className="flex flex-wrap items-center gap-3 border-b border-line px-3 py-2 last:border-0"
          >
            <LevelMark level={levelOf(rule)} />
            <span className="min-w-0 flex-1 font-mono [overflow-wrap:anywhere]">{rule.type}</span>
            <span className="text-muted">{rule.engine}</span>
            {!readOnly && (
              <Button size="sm" onClick={() => onRemove(keyOf(rule))}>
                {t('review.remove')}
                <span className="sr-only"> {rule.type}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Only where there is a choice. */
function EngineSelect({ docs, engine }: { docs: readonly RuleDoc[]; engine: Engine }) {
  const { t } = useTranslation();
  const [, setSearch] = useSearchState();
  const { data: infos = [] } = useEngines();
  const engines = [...new Set(docs.map((doc) => doc.engine))];
  const titleOf = (kind: string) => infos.find((info) => info.kind === kind)?.title ?? kind;
  if (engines.length < 2) return <span className="font-medium">{titleOf(engine)}</span>;
  return (
    <Select
      bare
      className="w-44!"
      label={t('review.engine')}
      value={engine}
      onChange={(next) => setSearch({ engine: next })}
      options={engines.map((kind) => ({ value: kind, label: titleOf(kind) }))}
    />
  );
}
