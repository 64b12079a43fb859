import { useProjectAccess } from '@/features/access/access';
import { AuditLogList } from '@/features/audit/AuditLogList';
import { useProject } from '@/features/projects/useProject';

export default function ProjectAuditLogPage() {
  const { name, title } = useProject();
  const access = useProjectAccess(name);
  return (
    <AuditLogList
      parent={name}
      context={title}
      mayExport={access.data?.may('bb.auditLogs.export') ?? false}
    />
  );
}
