// What Linux tells of processes that a test has started, directly or not.

import { readdirSync, readFileSync } from 'node:fs';

/** The processes that one has started and that have not been reaped. */
export function childrenOf(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}

/** How it is scheduled: its niceness, the policy of sched(7) and its session. */
export function schedulingOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return { session: Number(stat[3]), nice: Number(stat[16]), policy: Number(stat[38]) };
}

/** It has ended, or is left as a zombie to whoever reaps orphans here. */
export function isGone(pid) {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').split(')')[1]);
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return true;
    throw error;
  }
}

export const SCHED_IDLE = 5;
