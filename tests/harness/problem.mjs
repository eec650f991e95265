// Errors as the contract writes them: application/problem+json (RFC 9457).

import assert from 'node:assert/strict';

export function assertProblem(answer, status) {
  assert.equal(answer.status, status);
  assert.equal(answer.headers.get('content-type'), 'application/problem+json');
  const problem = answer.json();
  assert.equal(problem.status, status);
  assert.equal(problem.type, 'about:blank');
  assert.equal(problem.title, answer.reason);
  assert.ok(problem.detail.length > 0);
}
