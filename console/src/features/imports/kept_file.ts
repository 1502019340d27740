// The file that was sent last, while the page lives: another sheet of it can be looked at without
// choosing it again.
let kept: { upload: number; file: File } | null = null;

export function keepFile(upload: number, file: File): void {
  kept = { upload, file };
}

export function fileOf(upload: number): File | null {
  return kept?.upload === upload ? kept.file : null;
}
