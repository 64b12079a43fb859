/** Members as policies write them. Pure. */

/** People and programs have addresses; which of both it is shows in the domain. */
export const memberOf = (email: string) =>
  /[@.]service\.bytebase\.com$/.test(email) ? `serviceAccount:${email}` : `user:${email}`;
