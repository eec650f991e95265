// The worker's address, as browsers with Trusted Types want it: only through a policy that lets
// nothing but this one pass.

import url from "./worker.ts?sharedworker&url";

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

const trustedTypes = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;

const policy = trustedTypes?.createPolicy("livetape", {
  createScriptURL(wanted) {
    if (wanted !== url) throw new TypeError(`${wanted} is not the page's worker`);
    return wanted;
  },
});

export function workerScript(): string {
  return policy === undefined ? url : policy.createScriptURL(url);
}
