// The API's bodies by their names in /openapi.json; `npm run types` makes schema.d.ts anew.

import type { components } from "./schema.d.ts";

export type Schemas = components["schemas"];
export type Schema<Name extends keyof Schemas> = Schemas[Name];

/**
 * A body whose decimal numbers are texts: what a person has typed is sent digit by digit, so that no
 * float ever comes between.
 */
export type Typed<Body> = {
  [Field in keyof Body]: string extends Body[Field] ? Exclude<Body[Field], number> : Body[Field];
};

/** A page of a list. */
export interface Page {
  readonly limit?: number;
  readonly offset?: number;
}
