// Judges OCPI messages by the EV Roaming Foundation's OpenAPI schemas; those of 2.1.1, for which there are none, by Chargemap's.
//   node ocpi-judge.mjs <folder .../schemas> ; each line in: {"schema": "Location", "json": …, "version"?, "envelope"?, "list"?}
//   each line out: a list of faults, empty when there are none. Runs until stdin ends.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

const root = process.argv[2];
const judges = new Map();

function load(version) {
  const ajv = new Ajv({ strict: false, allErrors: true, ownProperties: true });
  addFormats(ajv);
  // "enum" and "open-enum" are annotations of theirs. Times are held to our own habit: UTC, no fraction (CPO checklist 1.2).
  for (const name of ['enum', 'open-enum']) ajv.addFormat(name, true);
  ajv.addFormat('date-time', (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) && !Number.isNaN(Date.parse(text)));
  const folder = join(root, version, 'openapi-evroaming');
  const files = ['components', ...readdirSync(join(folder, 'modules')).map((module) => `modules/${module}`)].map((path) => `${path}/schema.yaml`);
  const names = new Map();
  for (const file of files) {
    const document = parse(readFileSync(join(folder, file), 'utf8'));
    for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
      close(schema);
      correct(schema);
      names.set(name, `ocpi:/${version}/${file}#/components/schemas/${name}`);
    }
    ajv.addSchema({ components: { schemas: document.components?.schemas ?? {} } }, `ocpi:/${version}/${file}`);
  }
  return { ajv, names, compiled: new Map() };
}

// One file per object. Corrected when loaded (schemas/README.md names the faults): lists of mandatory members that are missing there, a misspelt
// maxLength, and times held to our own habit. An absent member is absent here, never null.
const mandatory211 = {
  location: ['id', 'type', 'address', 'city', 'postal_code', 'country', 'coordinates', 'last_updated'],
  evse: ['uid', 'status', 'connectors', 'last_updated'],
  connector: ['id', 'standard', 'format', 'power_type', 'voltage', 'amperage', 'last_updated'],
  session: ['id', 'start_datetime', 'kwh', 'auth_id', 'auth_method', 'location', 'currency', 'status', 'last_updated'],
  token: ['uid', 'type', 'auth_id', 'issuer', 'valid', 'whitelist', 'last_updated'],
  credentials: ['token', 'url', 'business_details', 'party_id', 'country_code'],
};

// What these schemas lack, in the words of the text: the envelope, a version's details, a change of status, a command's result.
const lacking211 = {
  OCPIResponse: { type: 'object', properties: { status_code: { type: 'integer' }, status_message: { type: 'string' }, timestamp: { $ref: 'common.schema.json#/definitions/timestamp' } } },
  VersionDetails: {
    type: 'object',
    required: ['version', 'endpoints'],
    additionalProperties: false,
    properties: {
      version: { const: '2.1.1' },
      endpoints: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          required: ['identifier', 'url'],
          additionalProperties: false,
          properties: { identifier: { enum: ['cdrs', 'commands', 'credentials', 'locations', 'sessions', 'tariffs', 'tokens'] }, url: { type: 'string', format: 'uri' } },
        },
      },
    },
  },
  EVSEPatch: {
    type: 'object',
    required: ['status'],
    additionalProperties: false,
    properties: { status: { $ref: 'common.schema.json#/definitions/evse_status' }, last_updated: { $ref: 'common.schema.json#/definitions/timestamp' } },
  },
  CommandResponse: {
    type: 'object',
    required: ['result'],
    additionalProperties: false,
    properties: { result: { enum: ['NOT_SUPPORTED', 'REJECTED', 'ACCEPTED', 'TIMEOUT', 'UNKNOWN_SESSION'] } },
  },
};

function load211() {
  const ajv = new Ajv({ strict: false, allErrors: true, ownProperties: true });
  addFormats(ajv);
  const folder = join(root, '2.1.1', 'chargemap');
  const names = new Map();
  for (const file of readdirSync(folder)) {
    const schema = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const name = file.replace('.schema.json', '');
    schema.required ??= mandatory211[name];
    if (!schema.required) delete schema.required;
    for (const property of Object.values(schema.properties ?? {})) if (property.max_length) property.maxLength = property.max_length;
    if (name === 'common') {
      const times = schema.definitions;
      times.timestamp.pattern = '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$';
      times.charging_period.properties.start_date_time = { $ref: '#/definitions/timestamp' };
      times.geo_location.required = ['latitude', 'longitude'];
      times.location_references.additionalProperties = false;
      names.set('LocationReferences', `ocpi:/2.1.1/${file}#/definitions/location_references`);
    }
    names.set({ cdr: 'CDR', evse: 'EVSE' }[name] ?? name[0].toUpperCase() + name.slice(1), `ocpi:/2.1.1/${file}`);
    schema.$id = `ocpi:/2.1.1/${file}`;
    ajv.addSchema(schema);
  }
  for (const [name, schema] of Object.entries(lacking211)) {
    names.set(name, `ocpi:/2.1.1/lacking/${name}`);
    const text = JSON.stringify(schema).replaceAll('common.schema.json#', 'ocpi:/2.1.1/common.schema.json#');
    ajv.addSchema({ ...JSON.parse(text), $id: `ocpi:/2.1.1/lacking/${name}` });
  }
  return { ajv, names, compiled: new Map() };
}

// The schemas leave every object open; we send nothing that they do not name, so a misspelt member is a fault.
function close(schema) {
  if (schema?.type !== 'object' || !schema.properties || 'data' in schema.properties) return;
  schema.additionalProperties = false;
  for (const property of Object.values(schema.properties)) close(property);
}

// Their own age: the errata to 2.2.1 (2024) lengthened these; a limit of the first print is no fault of ours.
function correct(schema) {
  const { address, state, plain_data: plainData } = schema?.properties ?? {};
  if (address?.maxLength === 45) address.maxLength = 255;
  if (state?.maxLength === 20) state.maxLength = 45;
  if (plainData?.maxLength === 512) plainData.maxLength = 5000;
}

function validatorFor(version, name) {
  if (!judges.has(version)) judges.set(version, version === '2.1.1' ? load211() : load(version));
  const judge = judges.get(version);
  if (!judge.names.has(name)) throw new Error(`the schemas of ${version} know no ${name}`);
  if (!judge.compiled.has(name)) judge.compiled.set(name, judge.ajv.compile({ $ref: judge.names.get(name) }));
  return judge.compiled.get(name);
}

// Never null and no empty text for what is absent (checklist T9): the schemas do not say so.
function* absences(json, path) {
  if (json === null) yield `${path || '/'}: null`;
  else if (json === '') yield `${path || '/'}: empty text`;
  else if (typeof json === 'object') for (const [key, value] of Object.entries(json)) yield* absences(value, `${path}/${key}`);
}

function faultsOf(version, name, json, path) {
  const validate = validatorFor(version, name);
  if (validate(json)) return [];
  return validate.errors.map((fault) => `${path}${fault.instancePath || '/'}: ${fault.message} ${JSON.stringify(fault.params)}`);
}

function judge({ schema, json, version = '2.2.1', envelope = false, list = false }) {
  const faults = [...absences(json, '')];
  let data = json;
  let path = '';
  if (envelope) {
    // The schemas of 2.1.1 have no envelope; it is the same in all versions.
    faults.push(...faultsOf(version === '2.1.1' ? '2.2.1' : version, 'OCPIResponse', json, ''));
    for (const name of Object.keys(json)) {
      if (!['data', 'status_code', 'status_message', 'timestamp'].includes(name)) faults.push(`/${name}: no member of an envelope`);
    }
    // Which members an envelope must have is in the text, not in the 2.2.1 schema (checklist T5).
    for (const name of ['status_code', 'timestamp']) if (!(name in json)) faults.push(`/${name}: missing`);
    if (json.status_code >= 2000 && 'data' in json) faults.push('/data: in an error');
    data = json.data;
    path = '/data';
    if (data === undefined) {
      if (schema && json.status_code < 2000) faults.push('/data: missing');
      return faults;
    }
  }
  if (!schema) return faults;
  if (!list) return [...faults, ...faultsOf(version, schema, data, path)];
  if (!Array.isArray(data)) return [...faults, `${path || '/'}: no list`];
  return [...faults, ...data.flatMap((element, index) => faultsOf(version, schema, element, `${path}/${index}`))];
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  let answer;
  try {
    answer = judge(JSON.parse(line));
  } catch (fault) {
    answer = [`cannot be judged: ${fault.message}`];
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
