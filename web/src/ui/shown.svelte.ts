// Whether the component that asks is still on the page: what an answer says that comes later is told
// elsewhere.

export function shownUntilDestroyed(): () => boolean {
  let there = true;
  $effect(() => () => {
    there = false;
  });
  return () => there;
}
