// Pictures, documents, sound and video. Bytes are `Uint8Array` here and base64 only on the wire.

import type { CitationsConfig } from "./citations.ts";
import type { OneOf } from "./open.ts";

/** A picture of at most 3.75 MB and 8000 by 8000 pixels; at most 20 per message. */
export interface ImageBlock {
  format: ImageFormat;
  source: ImageSource;
  /** Set by the model when it could not produce the picture. */
  error?: ErrorBlock | undefined;
}

export type ImageFormat = "png" | "jpeg" | "gif" | "webp";

/** Bytes as they are (never base64 text), or an object in S3 for the models that read from there. */
export type ImageSource = OneOf<{
  bytes: Uint8Array;
  s3Location: S3Location;
}>;

export interface S3Location {
  /** `s3://bucket/key`, in the region of the call and readable by the caller. */
  uri: string;
  /** Twelve-digit account, when the bucket belongs to another one. */
  bucketOwner?: string | undefined;
}

/** Why the model could not produce a piece of media. */
export interface ErrorBlock {
  message?: string | undefined;
}

/** A document of at most 4.5 MB. A request carries at most five, each beside a text block. */
export interface DocumentBlock {
  format?: DocumentFormat | undefined;
  /** Letters, digits, single spaces, hyphens, parentheses and square brackets; unique in the request. The model reads it, so keep it neutral. */
  name: string;
  source: DocumentSource;
  /** How the document bears on the question, for citations. */
  context?: string | undefined;
  citations?: CitationsConfig | undefined;
}

export type DocumentFormat =
  | "pdf"
  | "csv"
  | "doc"
  | "docx"
  | "xls"
  | "xlsx"
  | "html"
  | "txt"
  | "md";

export type DocumentSource = OneOf<{
  bytes: Uint8Array;
  s3Location: S3Location;
  /** Plain text, for citations. */
  text: string;
  /** Text in pieces of the caller's choosing, for citations by chunk. */
  content: DocumentContentBlock[];
}>;

export type DocumentContentBlock = OneOf<{
  text: string;
}>;

/** A video: below 25 MB as bytes, up to 1 GB from S3. */
export interface VideoBlock {
  format: VideoFormat;
  source: VideoSource;
}

export type VideoFormat =
  | "mkv"
  | "mov"
  | "mp4"
  | "webm"
  | "flv"
  | "mpeg"
  | "mpg"
  | "wmv"
  | "three_gp";

export type VideoSource = OneOf<{
  bytes: Uint8Array;
  s3Location: S3Location;
}>;

/** Sound, for the models that listen or speak. */
export interface AudioBlock {
  format: AudioFormat;
  source: AudioSource;
  /** Set by the model when it could not produce the sound. */
  error?: ErrorBlock | undefined;
}

export type AudioFormat =
  | "mp3"
  | "opus"
  | "wav"
  | "aac"
  | "flac"
  | "mp4"
  | "ogg"
  | "mkv"
  | "mka"
  | "x-aac"
  | "m4a"
  | "mpeg"
  | "mpga"
  | "pcm"
  | "webm";

export type AudioSource = OneOf<{
  bytes: Uint8Array;
  s3Location: S3Location;
}>;
