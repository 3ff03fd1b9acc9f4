/** Serves the files of `folder` as the hub serves its desk. */
export function serve(folder: string, port?: number): Promise<{ address: string; close: () => void }>;
