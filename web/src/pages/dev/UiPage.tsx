/**
 * Every component of ui/ in its states, for people who change them and for pictures in both themes. Builds with
 * test-hooks have it; its words are samples, so they are not for translation.
 */
import { Database, Plus, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { ApiError } from '@/api/error';
import { NotFoundPage } from '@/components/NotFound';
import { Page, Section } from '@/components/Page';
import { Forbidden } from '@/features/access/Forbidden';
import { useBootstrap } from '@/lib/session';
import { Button, IconButton } from '@/ui/Button';
import { Checkbox, RadioCards } from '@/ui/Choice';
import { CopyBlock } from '@/ui/CopyBlock';
import { Confirm, Dialog } from '@/ui/Dialog';
import { PasswordField, TextAreaField, TextField } from '@/ui/Field';
import { FormDialog } from '@/ui/FormDialog';
import { Keys } from '@/ui/Keys';
import { Menu, MenuItem, MenuLabel, MenuRadio, MenuSeparator } from '@/ui/Menu';
import { RelativeTime } from '@/ui/RelativeTime';
import { Segmented } from '@/ui/Segmented';
import { Select } from '@/ui/Select';
import { EmptyState, ErrorPanel, Notice, Skeleton } from '@/ui/States';
import { STATUS_KINDS, Status } from '@/ui/Status';
import { Table, Td, Th, Tr } from '@/ui/Table';
import { Tabs } from '@/ui/Tabs';
import { toast } from '@/ui/toast';
import { Results } from './Results';
import { words } from './words';

export default function UiPage() {
  const { data } = useBootstrap();
  if (!data) return null;
  return data.testHooks ? <Showcase /> : <NotFoundPage />;
}

const Row = ({ children }: { children: ReactNode }) => (
  <div className="flex flex-wrap items-center gap-3">{children}</div>
);

function Showcase() {
  return (
    <Page title={words.title} purpose={words.purpose}>
      <Buttons />
      <Section title={words.statuses}>
        <div className="grid grid-cols-2 justify-items-start gap-2 sm:grid-cols-4 lg:grid-cols-6">
          {STATUS_KINDS.map((kind) => (
            <Status key={kind} kind={kind} />
          ))}
          <Status kind="running" boxed />
          <Status kind="failed" boxed />
        </div>
      </Section>
      <Fields />
      <Choices />
      <Tables />
      <States />
      <Results />
      <Layers />
      <Breaking />
    </Page>
  );
}

function Buttons() {
  return (
    <Section title={words.buttons}>
      {(['md', 'sm'] as const).map((size) => (
        <Row key={size}>
          <Button size={size} tone="primary">
            <Plus aria-hidden="true" />
            {words.primary}
          </Button>
          <Button size={size}>{words.secondary}</Button>
          <Button size={size} tone="ghost">
            {words.ghost}
          </Button>
          <Button size={size} tone="danger">
            {words.danger}
          </Button>
          <Button size={size} busy>
            {words.busy}
          </Button>
          <IconButton size={size} label={words.remove}>
            <Trash2 aria-hidden="true" />
          </IconButton>
          <Keys keys={['Mod', 'K']} />
        </Row>
      ))}
    </Section>
  );
}

function Fields() {
  const [choice, setChoice] = useState('test');
  return (
    <Section title={words.fields}>
      <div className="grid items-start gap-4 sm:grid-cols-2 lg:grid-cols-3">
        <TextField label={words.name} defaultValue={words.longName} hint={words.hint} />
        <TextField label={words.port} defaultValue="99999" error={words.error} />
        <TextField label={words.email} value="ada@example.com" readOnly optional />
        <PasswordField label={words.password} defaultValue="battery-staple" />
        <Select
          label={words.environment}
          value={choice}
          onChange={setChoice}
          options={[
            { value: 'test', label: words.test },
            { value: 'prod', label: words.prod },
          ]}
        />
        <TextAreaField label={words.description} defaultValue={words.text} mono />
      </div>
    </Section>
  );
}

function Choices() {
  const [card, setCard] = useState<'a' | 'b'>('a');
  const [segment, setSegment] = useState<'a' | 'b'>('a');
  const options = [
    {
      value: 'a',
      label: words.now,
      description: words.hint,
      icon: <Database className="size-5" aria-hidden="true" />,
    },
    { value: 'b', label: words.later, description: words.text },
  ] as const;
  return (
    <Section title={words.choices}>
      <RadioCards legend={words.when} value={card} onChange={setCard} options={options} />
      <Row>
        <Checkbox label={words.agree} description={words.hint} defaultChecked />
        <Checkbox label={words.some} indeterminate />
        <Segmented legend={words.when} value={segment} onChange={setSegment} options={options} />
      </Row>
    </Section>
  );
}

function Tables() {
  const [tab, setTab] = useState('one');
  const table = (
    <Table label={words.databases}>
      <thead>
        <tr>
          <Th>{words.name}</Th>
          <Th numeric>{words.rows}</Th>
          <Th>{words.when}</Th>
        </tr>
      </thead>
      <tbody>
        <Tr selected>
          <Td>{words.longName}</Td>
          <Td numeric>9,007,199,254,740,993</Td>
          <Td>
            <RelativeTime value="2026-11-20T10:00:00Z" />
          </Td>
        </Tr>
        <Tr>
          <Td>{words.test}</Td>
          <Td numeric>0</Td>
          <Td>
            <Status kind="done" />
          </Td>
        </Tr>
      </tbody>
    </Table>
  );
  return (
    <Section title={words.tables}>
      <Tabs
        label={words.tables}
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'one', label: words.databases, count: 2, content: table },
          { value: 'two', label: words.code, content: <CopyBlock text={words.sql} /> },
        ]}
      />
    </Section>
  );
}

const FAILURE = new ApiError({
  code: 'failed_precondition',
  reason: 'BLOCKED',
  message: words.failure,
  method: 'RolloutService/BatchRunTasks',
  requestId: '0197f3d2',
  blockers: [{ type: 'STAGE_ORDER', subject: 'tasks/1', description: words.blocker }],
});

function States() {
  return (
    <Section title={words.states}>
      {(['info', 'warning', 'danger'] as const).map((tone) => (
        <Notice key={tone} tone={tone} title={words.notice} actions={<Button size="sm">{words.now}</Button>}>
          {words.text}
        </Notice>
      ))}
      <ErrorPanel error={FAILURE} doing={words.databases} onRetry={() => {}} />
      <EmptyState title={words.empty} action={<Button tone="primary">{words.primary}</Button>}>
        {words.text}
      </EmptyState>
      <Forbidden
        permission="bb.projects.get"
        resource="projects/warehouse"
        grantors={[{ name: words.person, email: 'ada@example.com' }]}
      />
      <Skeleton rows={2} />
    </Section>
  );
}

function Layers() {
  const [open, setOpen] = useState<'dialog' | 'form' | 'confirm' | null>(null);
  const [theme, setTheme] = useState<'a' | 'b'>('a');
  const close = () => setOpen(null);
  return (
    <Section title={words.layers}>
      <Row>
        <Button onClick={() => setOpen('dialog')}>{words.dialog}</Button>
        <Button onClick={() => setOpen('form')}>{words.form}</Button>
        <Button onClick={() => setOpen('confirm')}>{words.question}</Button>
        <Button onClick={() => toast({ text: words.notice, action: { label: words.undo, run: () => {} } })}>
          {words.toast}
        </Button>
        <Menu trigger={<Button>{words.menu}</Button>}>
          <MenuItem onSelect={() => {}} icon={<Plus aria-hidden="true" />}>
            {words.primary}
          </MenuItem>
          <MenuItem onSelect={() => {}} danger>
            {words.remove}
          </MenuItem>
          <MenuSeparator />
          <MenuLabel>{words.when}</MenuLabel>
          <MenuRadio
            value={theme}
            onChange={setTheme}
            options={[
              { value: 'a', label: words.now },
              { value: 'b', label: words.later },
            ]}
          />
        </Menu>
      </Row>
      <Dialog
        open={open === 'dialog'}
        onOpenChange={close}
        title={words.dialog}
        description={words.text}
        footer={
          <Button tone="primary" onClick={close}>
            {words.now}
          </Button>
        }
      >
        <TextField label={words.name} />
      </Dialog>
      {open === 'form' && (
        <FormDialog title={words.form} submit={words.form} onSubmit={close} onClose={close}>
          <TextField label={words.email} error={words.error} />
        </FormDialog>
      )}
      <Confirm
        open={open === 'confirm'}
        onOpenChange={close}
        loud
        title={words.question}
        footer={
          <Button tone="danger" onClick={close}>
            {words.now}
          </Button>
        }
      >
        <p>{words.text}</p>
      </Confirm>
    </Section>
  );
}

/** A widget that breaks when asked to: its section says so, and the page stays. */
function Breaking() {
  const [broken, setBroken] = useState(false);
  return (
    <Section title={words.breaking}>
      <Fragile broken={broken} />
      <Row>
        <Button onClick={() => setBroken(true)}>{words.breakIt}</Button>
      </Row>
    </Section>
  );
}

function Fragile({ broken }: { broken: boolean }) {
  if (broken) throw new Error(words.failure);
  return <p>{words.text}</p>;
}
