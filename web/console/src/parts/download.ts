/** Hand a file to the person, from an address of ours or from values made here. */
export function download(name: string, from: string | Blob): void {
  const address = typeof from === "string" ? from : URL.createObjectURL(from);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  if (typeof from !== "string") setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
