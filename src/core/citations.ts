// Sources: passages the model may cite, and what it says it has cited.

import type { OneOf } from "./open.ts";

export interface CitationsConfig {
  /** Claude wants the same value on every document of a request. */
  enabled: boolean;
}

/** A passage the model may cite. */
export interface SearchResultBlock {
  source: string;
  title: string;
  content: SearchResultContentBlock[];
  citations?: CitationsConfig | undefined;
}

export interface SearchResultContentBlock {
  text: string;
}

/** Text the model wrote together with where it comes from. */
export interface CitationsContentBlock {
  content?: CitationGeneratedContent[] | undefined;
  citations?: Citation[] | undefined;
}

export type CitationGeneratedContent = OneOf<{
  text: string;
}>;

/** One source the model names. */
export interface Citation {
  title?: string | undefined;
  source?: string | undefined;
  sourceContent?: CitationSourceContent[] | undefined;
  location?: CitationLocation | undefined;
}

export type CitationSourceContent = OneOf<{
  text: string;
}>;

/** Where in a source the cited passage stands: exactly one member is set. */
export type CitationLocation = OneOf<{
  web: WebLocation;
  documentChar: DocumentCharLocation;
  documentPage: DocumentPageLocation;
  documentChunk: DocumentChunkLocation;
  searchResultLocation: SearchResultLocation;
}>;

export interface WebLocation {
  url?: string | undefined;
  domain?: string | undefined;
}

export interface DocumentCharLocation {
  /** Counts the documents of the request from 0. */
  documentIndex?: number | undefined;
  start?: number | undefined;
  end?: number | undefined;
}

export interface DocumentPageLocation {
  /** Counts the documents of the request from 0. */
  documentIndex?: number | undefined;
  start?: number | undefined;
  end?: number | undefined;
}

export interface DocumentChunkLocation {
  /** Counts the documents of the request from 0. */
  documentIndex?: number | undefined;
  start?: number | undefined;
  end?: number | undefined;
}

export interface SearchResultLocation {
  searchResultIndex?: number | undefined;
  start?: number | undefined;
  end?: number | undefined;
}
