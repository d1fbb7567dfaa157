/** A file that a send brings along and that is to be fetched. Plain data: it is stored, and crosses RPC. */
export interface UrlFile {
  kind: "url";
  url: string;
  filename: string;
  /** What it has to be. */
  contentType?: string | undefined;
}

/** A file whose data came with the request; those who hold the data know it by its place in the request. */
export interface InlineFile {
  kind: "inline";
  /** Of the data, hexadecimal. */
  sha256: string;
  filename: string;
  contentType?: string | undefined;
}

/** A file that ClickClack has. */
export interface UploadedFile {
  kind: "uploaded";
  uploadId: string;
}

/** A file of a request. */
export type MediaFile = UrlFile | InlineFile;

/** A file of a send that is stored. */
export type StoredFile = UrlFile | UploadedFile;
