/** The parts of a project's settings, each with a Save of its own. */
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Project } from '@/api/types';
import { SectionForm } from '@/components/SectionForm';
import { areContacts, ContactsField } from '@/features/emergency/ContactsField';
import { fromHex, toHex } from '@/features/environments/environments';
import { LabelsEditor } from '@/features/labels/LabelsEditor';
import { labelProblems, labelsOf, rowsOf } from '@/features/labels/labels';
import { projectId } from '@/lib/names';
import { Button, IconButton } from '@/ui/Button';
import { Checkbox, RadioCards } from '@/ui/Choice';
import { TextField } from '@/ui/Field';

interface Props {
  saved: Project;
}

function useEdit(saved: Project) {
  const [edit, setEdit] = useState<Partial<Project>>({});
  const call = useCall('ProjectService/UpdateProject', { touches: ['ProjectService'] });
  return {
    value: { ...saved, ...edit },
    set: (patch: Partial<Project>) => setEdit((old) => ({ ...old, ...patch })),
    form: {
      dirty: Object.keys(edit).length > 0,
      call,
      onReset: () => setEdit({}),
    },
    save: () =>
      call.mutateAsync({
        project: { ...edit, name: saved.name },
        updateMask: Object.keys(edit).join(','),
      }),
  };
}

export function GeneralSettings({ saved }: Props) {
  const { t } = useTranslation();
  const { value, set, form, save } = useEdit(saved);
  const [rows, setRows] = useState<ReturnType<typeof rowsOf> | null>(null);
  const [tried, setTried] = useState(false);
  const labels = rows ?? rowsOf(saved.labels);
  const noTitle = !value.title?.trim();
  return (
    <SectionForm
      title={t('settings.general')}
      {...form}
      onReset={() => {
        form.onReset();
        setRows(null);
        setTried(false);
      }}
      onSave={() => {
        setTried(true);
        return noTitle || labelProblems(labels).some(Boolean) ? undefined : save();
      }}
    >
      <TextField
        label={t('project.name')}
        value={value.title ?? ''}
        onChange={(event) => set({ title: event.target.value })}
        error={noTitle ? t('project.nameNeeded') : undefined}
        hint={<span className="font-mono [overflow-wrap:anywhere]">{projectId(saved.name)}</span>}
      />
      <fieldset>
        <legend className="mb-1.5 text-small font-medium">{t('labels.title')}</legend>
        <LabelsEditor
          rows={labels}
          tried={tried}
          onChange={(next) => {
            setRows(next);
            set({ labels: labelsOf(next) });
          }}
        />
      </fieldset>
    </SectionForm>
  );
}

const CHANGE_FLAGS = [
  'enforceIssueTitle',
  'requireIssueApproval',
  'requirePlanCheckNoError',
  'enforceSqlReview',
  'allowSelfApproval',
] as const;
const ACCESS_FLAGS = ['allowRequestRole'] as const;

interface FlagProps extends Props {
  title: string;
  flags: readonly ((typeof CHANGE_FLAGS)[number] | (typeof ACCESS_FLAGS)[number])[];
}

export function RuleSettings({ saved }: Props) {
  const { t } = useTranslation();
  return <FlagSettings saved={saved} title={t('project.rules')} flags={CHANGE_FLAGS} />;
}

export function AccessSettings({ saved }: Props) {
  const { t } = useTranslation();
  return <FlagSettings saved={saved} title={t('project.access')} flags={ACCESS_FLAGS} />;
}

function FlagSettings({ saved, title, flags }: FlagProps) {
  const { t } = useTranslation();
  const { value, set, form, save } = useEdit(saved);
  return (
    <SectionForm title={title} {...form} onSave={save}>
      <div className="flex flex-col gap-2">
        {flags.map((flag) => (
          <Checkbox
            key={flag}
            label={t(`project.flag.${flag}`)}
            description={t(`project.flagText.${flag}`)}
            checked={value[flag] ?? false}
            onChange={(event) => set({ [flag]: event.target.checked })}
          />
        ))}
      </div>
    </SectionForm>
  );
}

const NEW_COLOR = '#3b5bdb';

/** The labels that issues can have, and whether each must have one. */
export function IssueSettings({ saved }: Props) {
  const { t } = useTranslation();
  const { value, set, form, save } = useEdit(saved);
  const [tried, setTried] = useState(false);
  const labels = value.issueLabels ?? [];
  const wrong = labels.map(
    ({ value: text }, at) => !text?.trim() || labels.some((other, i) => i < at && other.value === text),
  );
  const change = (at: number, patch: object) =>
    set({ issueLabels: labels.map((label, i) => (i === at ? { ...label, ...patch } : label)) });
  return (
    <SectionForm
      title={t('project.issueLabels')}
      {...form}
      onSave={() => {
        setTried(true);
        return wrong.some(Boolean) ? undefined : save();
      }}
    >
      {labels.length > 0 && (
        <ul aria-label={t('project.issueLabels')} className="flex flex-col gap-2">
          {labels.map((label, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: labels have no identity while they are typed
            <li key={at} className="grid grid-cols-[1fr_auto_2rem] items-start gap-2">
              <TextField
                label={t('project.issueLabel')}
                value={label.value ?? ''}
                onChange={(event) => change(at, { value: event.target.value })}
                error={tried && wrong[at] ? t('project.issueLabelWrong') : undefined}
              />
              <label className="flex flex-col gap-1 text-small font-medium">
                {t('environment.color')}
                <input
                  type="color"
                  value={toHex(label.color) ?? NEW_COLOR}
                  onChange={(event) => change(at, { color: fromHex(event.target.value) })}
                  className="h-8 w-12 rounded-input border border-line-strong bg-bg p-0.5"
                />
              </label>
              <IconButton
                className="mt-6"
                label={t('labels.remove', { key: label.value })}
                onClick={() => set({ issueLabels: labels.filter((_, i) => i !== at) })}
              >
                <Trash2 aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <div>
        <Button
          size="sm"
          onClick={() => set({ issueLabels: [...labels, { value: '', color: fromHex(NEW_COLOR) }] })}
        >
          <Plus aria-hidden="true" />
          {t('labels.add')}
        </Button>
      </div>
      <Checkbox
        label={t('project.forceIssueLabels')}
        description={labels.length === 0 ? t('project.forceIssueLabelsFirst') : undefined}
        checked={value.forceIssueLabels ?? false}
        onChange={(event) => set({ forceIssueLabels: event.target.checked })}
      />
    </SectionForm>
  );
}

/** Who is told when a change goes past its review, and reviews it afterwards. */
export function EmergencySettings({ saved }: Props) {
  const { t } = useTranslation();
  const { value, set, form, save } = useEdit(saved);
  const contacts = value.emergencyContacts ?? [];
  /** A discarded text begins anew. */
  const [round, setRound] = useState(0);
  const reset = () => {
    form.onReset();
    setRound(round + 1);
  };
  return (
    <SectionForm
      title={t('project.emergencies')}
      {...form}
      onReset={reset}
      onSave={() => (areContacts(contacts) ? save() : undefined)}
    >
      <ContactsField
        key={round}
        value={contacts}
        onChange={(emergencyContacts) => set({ emergencyContacts })}
        label={t('project.emergencyContacts')}
        hint={t('project.emergencyContactsHint')}
        error={form.call.error}
      />
    </SectionForm>
  );
}

const MOST_RETRIES = 100;
/** The first is what holds when nobody chose. */
const OUT_OF_ORDER = ['WARN', 'REFUSE', 'APPLY'] as const;

export function RolloutSettings({ saved }: Props) {
  const { t } = useTranslation();
  const { value, set, form, save } = useEdit(saved);
  const retries = value.executionRetryPolicy?.maximumRetries ?? 0;
  const badRetries = !Number.isInteger(retries) || retries < 0 || retries > MOST_RETRIES;
  return (
    <SectionForm title={t('project.rollouts')} {...form} onSave={() => (badRetries ? undefined : save())}>
      <TextField
        className="max-w-60"
        type="number"
        min={0}
        label={t('project.parallel')}
        value={String(value.parallelTasksPerRollout ?? 0)}
        onChange={(event) => set({ parallelTasksPerRollout: Math.max(0, Number(event.target.value)) })}
        hint={t('project.parallelHint')}
      />
      <TextField
        className="max-w-60"
        type="number"
        min={0}
        max={MOST_RETRIES}
        label={t('project.retries')}
        value={String(retries)}
        onChange={(event) => set({ executionRetryPolicy: { maximumRetries: Number(event.target.value) } })}
        hint={t('project.retriesHint')}
        error={badRetries ? t('project.retriesWrong') : undefined}
      />
      <RadioCards
        legend={t('project.outOfOrder')}
        className="sm:grid-cols-3"
        value={OUT_OF_ORDER.find((way) => way === value.outOfOrderVersions) ?? OUT_OF_ORDER[0]}
        onChange={(outOfOrderVersions) => set({ outOfOrderVersions })}
        options={OUT_OF_ORDER.map((way) => ({
          value: way,
          label: t(`project.outOfOrderWay.${way}`),
          description: t(`project.outOfOrderText.${way}`),
        }))}
      />
    </SectionForm>
  );
}
