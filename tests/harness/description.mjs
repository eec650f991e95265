// The API's own description: its schemas, compiled so that they refuse what they do not name.

import assert from 'node:assert/strict';

import Ajv2020 from 'ajv/dist/2020.js';

import { request } from './raw.mjs';

const COMPONENT = '#/components/schemas/';
const METHODS = ['get', 'put', 'post', 'delete', 'patch'];
const FORMATS = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-\d\d-\d\d$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
};

/** Every $ref of a value, wherever it stands. */
export function refsOf(value) {
  if (value === null || typeof value !== 'object') return [];
  const inner = Object.values(value).flatMap(refsOf);
  return typeof value.$ref === 'string' ? [value.$ref, ...inner] : inner;
}

const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));

/**
 * The schema with all objects closed: a member that is not described is a fault, even where others
 * may pass. `open`: a part of an allOf, which is closed as a whole.
 */
function closed(schema, open = false) {
  if (Array.isArray(schema)) return schema.map((each) => closed(each));
  if (schema === null || typeof schema !== 'object') return schema;
  if (open && schema.$ref) return { ...schema, $ref: `${schema.$ref}~open` };
  const { properties, allOf, additionalProperties, ...rest } = schema;
  const result = mapValues(rest, (each) => closed(each));
  if (additionalProperties !== null && typeof additionalProperties === 'object') {
    result.additionalProperties = closed(additionalProperties);
  }
  if (properties) result.properties = mapValues(properties, (each) => closed(each));
  if (allOf) result.allOf = allOf.map((each) => closed(each, true));
  if ((properties || allOf) && !open) result.unevaluatedProperties = false;
  return result;
}

function componentsWith(schemas, change) {
  const all = {};
  for (const [name, schema] of Object.entries(schemas)) {
    all[name] = change(schema, false);
    all[`${name}~open`] = change(schema, true);
  }
  return { $id: 'api', components: { schemas: all } };
}

export class Description {
  static async of(server) {
    const answer = await request(server, '/openapi.json');
    assert.equal(answer.status, 200, answer.text);
    return new Description(answer.json());
  }

  constructor(json) {
    this.json = json;
    this.schemas = json.components.schemas;
    this.closed = this.#validator(closed);
    this.written = this.#validator((schema) => schema);
  }

  #validator(change) {
    const ajv = new Ajv2020({
      strict: true,
      strictTypes: false,
      allErrors: true,
      formats: FORMATS,
    });
    ajv.addVocabulary(['components', 'x-events']);
    ajv.addSchema(componentsWith(this.schemas, change));
    return ajv;
  }

  /** [{path, method, operation}] */
  operations() {
    return Object.entries(this.json.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method]).map((method) => ({
        path,
        method,
        operation: item[method],
      })),
    );
  }

  #faults(ajv, name, value) {
    const validate = ajv.getSchema(`api${COMPONENT}${name}`);
    assert.ok(validate, `there is no schema ${name}`);
    if (validate(value)) return [];
    return validate.errors.map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  /** What is wrong with a request's body, as a client that follows the description sees it. */
  faultsOf(name, value) {
    return this.#faults(this.written, name, value);
  }

  /** Insists that the value is all and only what the schema says. */
  assertIs(name, value, what = name) {
    const faults = this.#faults(this.closed, name, value);
    assert.deepEqual(faults, [], `${what} is no ${name}: ${JSON.stringify(value).slice(0, 2000)}`);
  }

  /** The name of the schema of an answer; undefined: it has no body. */
  schemaOf(method, pattern, status, contentType) {
    const operation = this.json.paths[pattern]?.[method.toLowerCase()];
    assert.ok(operation, `${method} ${pattern} is not described`);
    const response = operation.responses[status];
    assert.ok(response, `${method} ${pattern} answered ${status}, which is not described`);
    const type = contentType?.split(';')[0];
    const content = response.content?.[type];
    if (!type) return assert.equal(response.content, undefined);
    assert.ok(content, `${method} ${pattern} ${status}: ${type} is not described`);
    return content.schema.$ref?.slice(COMPONENT.length);
  }

  /** The name of the schema of a body in JSON. */
  requestOf(method, pattern) {
    const { requestBody } = this.json.paths[pattern][method.toLowerCase()];
    return requestBody.content['application/json'].schema.$ref.slice(COMPONENT.length);
  }

  /** The schemas of a stream's events by their names; unnamed ones are "message". */
  eventsOf(pattern) {
    const name = this.schemaOf('GET', pattern, 200, 'text/event-stream');
    return mapValues(this.schemas[name]['x-events'], (schema) =>
      schema.$ref?.slice(COMPONENT.length),
    );
  }
}
