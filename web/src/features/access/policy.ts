/** Members as policies write them. Pure. */

/** People and programs have addresses; which of both it is shows in the domain. */
export function memberOf(email: string): string {
  if (/[@.]service\.bytebase\.com$/.test(email)) return `serviceAccount:${email}`;
  return /[@.]workload\.bytebase\.com$/.test(email) ? `workloadIdentity:${email}` : `user:${email}`;
}
