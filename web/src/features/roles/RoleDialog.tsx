import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Role } from '@/api/types';
import { isResourceId, slugOf } from '@/lib/names';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { Dialog } from '@/ui/Dialog';
import { Field, TextField } from '@/ui/Field';
import { ErrorPanel } from '@/ui/States';
import { byKind, matching } from './permissions';

interface Props {
  /** A custom role to change, or one to start from. */
  role: Role | undefined;
  /** Makes a new one, though there is a role to start from. */
  copy?: boolean;
  /** All that can be given. */
  permissions: readonly string[];
  onClose: () => void;
}

export function RoleDialog({ role, copy, permissions, onClose }: Props) {
  const { t } = useTranslation();
  const editing = role !== undefined && !copy;
  const [title, setTitle] = useState(copy ? t('role.copyOf', { name: role?.title }) : (role?.title ?? ''));
  const [ownId, setOwnId] = useState<string | null>(null);
  const [description, setDescription] = useState(role?.description ?? '');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(role?.permissions));
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const create = useCall('RoleService/CreateRole', { touches: ['RoleService'] });
  const update = useCall('RoleService/UpdateRole', { touches: ['RoleService'] });
  const id = ownId ?? slugOf(title);
  const taken = create.error?.reason === 'RESOURCE_EXISTS';
  const toggle = (permission: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(permission);
    else next.delete(permission);
    setChosen(next);
  };
  const submit = () => {
    setTried(true);
    if (!title.trim() || chosen.size === 0 || (!editing && !isResourceId(id))) return;
    const fields = { title: title.trim(), description: description.trim(), permissions: [...chosen].sort() };
    if (editing) {
      update.mutate(
        { role: { ...fields, name: role.name }, updateMask: 'title,description,permissions' },
        { onSuccess: onClose },
      );
    } else {
      create.mutate({ roleId: id, role: fields }, { onSuccess: onClose });
    }
  };
  const failure = taken ? undefined : (create.error ?? update.error);
  const shown = byKind(matching(permissions, text));
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={editing ? t('role.edit') : t('role.new')}
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button tone="primary" busy={create.isPending || update.isPending} onClick={submit}>
            {editing ? t('action.save') : t('role.create')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label={t('role.name')}
            value={title}
            onChange={(event) => setTitle(event.target.value)}
            error={tried && !title.trim() ? t('project.nameNeeded') : undefined}
          />
          <TextField
            label={t('role.id')}
            mono
            readOnly={editing}
            value={editing ? (role.name?.replace('roles/', '') ?? '') : id}
            onChange={(event) => {
              setOwnId(event.target.value);
              create.reset();
            }}
            error={
              taken
                ? t('role.idTaken')
                : tried && !editing && !isResourceId(id)
                  ? t('project.idWrong')
                  : undefined
            }
          />
        </div>
        <TextField
          label={t('access.description')}
          optional
          value={description}
          onChange={(event) => setDescription(event.target.value)}
        />
        <Field
          label={t('role.filter', { count: chosen.size })}
          error={tried && chosen.size === 0 ? t('role.choose') : undefined}
        >
          {({ id: box, describedBy }) => (
            <input
              id={box}
              type="search"
              aria-describedby={describedBy}
              placeholder={t('role.filterPlaceholder')}
              value={text}
              onChange={(event) => setText(event.target.value)}
              className="h-8 w-full rounded-input border border-line-strong bg-bg px-2.5"
            />
          )}
        </Field>
        <div className="max-h-[38dvh] overflow-y-auto rounded-card border border-line">
          {shown.map(([kind, names]) => (
            <fieldset key={kind} className="border-b border-line px-3 py-2 last:border-0">
              <legend className="sr-only">{kind}</legend>
              <Checkbox
                label={kind}
                className="font-medium"
                checked={names.every((name) => chosen.has(name))}
                indeterminate={
                  names.some((name) => chosen.has(name)) && !names.every((name) => chosen.has(name))
                }
                onChange={(event) => {
                  const next = new Set(chosen);
                  for (const name of names) {
                    if (event.target.checked) next.add(name);
                    else next.delete(name);
                  }
                  setChosen(next);
                }}
              />
              <div className="mt-1 grid gap-x-4 gap-y-1 pl-6 sm:grid-cols-2">
                {names.map((name) => (
                  <Checkbox
                    key={name}
                    className="min-w-0 font-mono text-caption [overflow-wrap:anywhere]"
                    label={name}
                    checked={chosen.has(name)}
                    onChange={(event) => toggle(name, event.target.checked)}
                  />
                ))}
              </div>
            </fieldset>
          ))}
          {shown.length === 0 && <p className="px-3 py-6 text-center text-muted">{t('state.noMatch')}</p>}
        </div>
        {failure && <ErrorPanel error={failure} doing={t('action.save')} />}
      </div>
    </Dialog>
  );
}
