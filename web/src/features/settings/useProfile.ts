/** One part of the workspace's profile setting, edited and saved by itself. */
import { useState } from 'react';
import { useCall } from '@/api/query';
import type { WorkspaceProfileSetting as Profile } from '@/api/types';

export const PROFILE = 'settings/WORKSPACE_PROFILE';

export function useProfile(saved: Profile) {
  const [edit, setEdit] = useState<Profile>({});
  const update = useCall('SettingService/UpdateSetting', { touches: ['SettingService'] });
  const value: Profile = { ...saved, ...edit };
  const changed = Object.keys(edit);
  return {
    value,
    set: (patch: Profile) => setEdit((old) => ({ ...old, ...patch })),
    dirty: changed.length > 0,
    call: update,
    /** What the server says of a field, by its name in snake_case. */
    errorOf: (field: string) => update.error?.field(field),
    onReset: () => setEdit({}),
    onSave: () =>
      update.mutateAsync({
        setting: { name: PROFILE, value: { workspaceProfile: value } },
        updateMask: changed.map((key) => `value.workspaceProfile.${key}`).join(','),
      }),
  };
}
