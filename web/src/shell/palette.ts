// Which actions a text finds, best first. Pure.

export interface Findable {
  readonly title: string;
  readonly group: string;
  readonly words?: string;
}

/**
 * How well `text` fits, 0: not at all. Every word must be found: at the
 * beginning of a word, inside, or as letters in order.
 */
export function scoreOf(action: Findable, text: string): number {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  const title = action.title.toLowerCase();
  const more = `${action.words ?? ""} ${action.group}`.toLowerCase();
  let sum = 1;
  for (const word of wanted) {
    const score = wordScore(word, title, more);
    if (score === 0) return 0;
    sum += score;
  }
  return sum;
}

function wordScore(word: string, title: string, more: string): number {
  if (` ${title}`.includes(` ${word}`)) return 80;
  if (` ${more}`.includes(` ${word}`)) return 60;
  if (title.includes(word)) return 40;
  return inOrder(word, title) ? 10 : 0;
}

function inOrder(letters: string, text: string): boolean {
  let at = -1;
  for (const letter of letters) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}

export function findActions<T extends Findable>(all: readonly T[], text: string, limit = 50): T[] {
  return all
    .map((action, index) => ({ action, index, score: scoreOf(action, text) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, limit)
    .map(({ action }) => action);
}
