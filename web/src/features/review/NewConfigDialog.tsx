import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import type { ReviewConfig } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { useGo } from '@/hooks/useGo';
import { paths } from '@/lib/paths';
import { RadioCards } from '@/ui/Choice';
import { TextField } from '@/ui/Field';
import { FormDialog } from '@/ui/FormDialog';
import { ErrorPanel } from '@/ui/States';
import { LevelCounts } from './ConfigFacts';
import { freeName } from './configs';

/** No rule is on. */
const BLANK = 'blank';

interface Props {
  configs: readonly ReviewConfig[];
  onClose: () => void;
}

/** A new configuration, which begins with the rules of a template. */
export function NewConfigDialog({ configs, onClose }: Props) {
  const { t } = useTranslation();
  const go = useGo();
  const [title, setTitle] = useState<string>();
  const [chosen, setChosen] = useState<string>();
  const [tried, setTried] = useState(false);
  const query = useRpc('ReviewService/ListTemplates', {}, { staleTime: Number.POSITIVE_INFINITY });
  const create = useCall('ReviewConfigService/CreateReviewConfig', { touches: ['ReviewConfigService'] });
  const templates = query.data?.templates ?? [];
  const template = chosen ?? templates[0]?.id ?? BLANK;
  const picked = templates.find(({ id }) => id === template);
  // Until it is named, it is called like its template.
  const name = (title ?? picked?.title ?? '').trim();
  const submit = () => {
    setTried(true);
    if (!name || !query.data) return;
    create.mutate(
      {
        reviewConfig: {
          name: freeName(name, configs),
          title: name,
          enabled: true,
          rules: picked?.rules ?? [],
        },
      },
      { onSuccess: (made) => go(paths.reviewConfig(made.name ?? '')) },
    );
  };
  return (
    <FormDialog
      title={t('review.new')}
      description={t('review.newText')}
      submit={t('review.create')}
      busy={create.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <Loaded query={query} doing={t('review.template')} skeletonRows={3}>
        {() => (
          <RadioCards
            legend={t('review.template')}
            className="sm:grid-cols-1"
            value={template}
            onChange={setChosen}
            options={[
              ...templates.map(({ id = '', title: label = '', description, rules = [] }) => ({
                value: id,
                label,
                description: (
                  <>
                    <span className="mb-1 block">{description}</span>
                    <LevelCounts rules={rules} />
                  </>
                ),
              })),
              { value: BLANK, label: t('review.blank'), description: t('review.blankText') },
            ]}
          />
        )}
      </Loaded>
      <TextField
        label={t('review.name')}
        value={title ?? picked?.title ?? ''}
        onChange={(event) => setTitle(event.target.value)}
        error={create.error?.field('title') ?? (tried && !name ? t('review.nameNeeded') : undefined)}
      />
      {create.error && !create.error.field('title') && (
        <ErrorPanel error={create.error} doing={t('review.create')} />
      )}
    </FormDialog>
  );
}
