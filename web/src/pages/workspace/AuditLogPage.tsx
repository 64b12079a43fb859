import { AuditLogList } from '@/features/audit/AuditLogList';
import { useMay } from '@/lib/may';

export default function AuditLogPage() {
  return <AuditLogList parent="workspaces/default" mayExport={useMay().everywhere('bb.auditLogs.export')} />;
}
