// What the page's own server tells the application under test.

const query = new URLSearchParams(location.search);

export const root = document.querySelector<HTMLElement>('#root')!;
export const server = query.get('server')!;
export const token = query.has('token') ? async () => (await fetch('/token')).text() : undefined;
