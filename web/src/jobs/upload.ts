// A file on its way to an import. XMLHttpRequest, because it tells how much of a body has gone; the
// browser reads the file from the disk as it is sent.

import { queryText } from "../api/client.ts";
import type { ImportWish } from "../api/jobs.ts";
import { ApiError, errorOf } from "../api/problem.ts";

export interface Upload {
  readonly done: Promise<string>;
  readonly stop: () => void;
}

/** `done` is the import's id; it fails with an ApiError. */
export function upload(file: Blob, wish: ImportWish, sent: (bytes: number) => void): Upload {
  const call = new XMLHttpRequest();
  const done = new Promise<string>((resolve, reject) => {
    call.upload.onprogress = ({ loaded }) => sent(loaded);
    call.onload = () => {
      if (call.status !== 202) reject(refusalOf(call));
      else resolve((JSON.parse(call.responseText) as { import_id: string }).import_id);
    };
    call.onerror = () =>
      reject(
        new ApiError(
          "The server cannot be reached, or has broken off the upload. Try again.",
          "unreachable",
        ),
      );
    call.onabort = () => reject(new ApiError("The upload was stopped.", "aborted"));
  });
  call.open("POST", `/api/v1/imports${queryText({ ...wish })}`);
  call.setRequestHeader("accept", "application/json");
  call.setRequestHeader("content-type", "text/csv");
  call.send(file);
  return { done, stop: () => call.abort() };
}

function refusalOf(call: XMLHttpRequest): ApiError {
  return errorOf({
    status: call.status,
    retryAfter: call.getResponseHeader("retry-after"),
    text: call.responseText,
  });
}

/** What a file's name says of it: "GOOG.csv.gz" is of GOOG. */
export function symbolOfFile(name: string): string {
  const stem = name.replace(/(\.(csv|txt|gz))+$/i, "");
  return /^[A-Za-z0-9.^=-]{1,12}$/.test(stem) ? stem.toUpperCase() : "";
}

/** A file in the form of an import. */
export interface ChosenFile {
  readonly key: number;
  readonly file: File;
  /** Why it is not even sent. */
  readonly refused: string;
  symbol: string;
  sent: number;
  fault: string;
  importId: string;
}

let chosen = 0;

export function chosenFile(file: File): ChosenFile {
  chosen += 1;
  return {
    key: chosen,
    file,
    refused: refusalOfFile(file.name, file.size),
    symbol: symbolOfFile(file.name),
    sent: 0,
    fault: "",
    importId: "",
  };
}

export function refusalOfFile(name: string, bytes: number): string {
  if (bytes === 0) return "The file is empty.";
  if (!/\.zip$/i.test(name)) return "";
  return `Zip archives are read on the command line: livetape import ${name}`;
}
