// A text as a file that the browser saves.

const REVOKE_MS = 60_000;

export function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Saving begins after the click; the text is let go when it surely has.
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_MS);
}
