// An OCPP charger on npm's ocpp-rpc in strict mode: not a line of ours takes part in its framing or validation (1.6, 2.0.1 and 2.1).
// One process serves one or many chargers. Commands come as JSON lines on stdin, answers and events go as JSON lines to stdout:
//   {"id":1,"charger":"CP-1","do":"connect",…}  ->  {"id":1,"ok":…} or {"id":1,"error":"…"}
//   {"charger":"CP-1","event":"open" | "disconnect" | "call" | "invalid" | "refused" | "worked", …}
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import rpc from 'ocpp-rpc';
import { Tongue16 } from './tongue16.mjs';
import { Tongue2x } from './tongue2x.mjs';

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');
// Whole seconds, as most chargers tell them.
const now = () => new Date().toISOString().replace(/\.\d+Z$/, 'Z');
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Small and seeded (mulberry32), so that a failing run can be repeated.
function random(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// The package holds the schemas of 2.1 but looks for them under 2.0.1's names (urn:X.req in place of urn:XRequest): they are given to it under those.
const schemas21 = createRequire(import.meta.url)('ocpp-rpc/lib/schemas/ocpp2_1.json')
  .map((schema) => ({ ...schema, $id: schema.$id.replace(/Request$/, '.req').replace(/Response$/, '.conf') }));
const strict21 = rpc.createValidator('ocpp2.1', schemas21);

class Charger {
  constructor(identity, options) {
    this.identity = identity;
    this.connectors = new Map();
    this.ledger = [];
    this.queue = [];
    this.pumping = false;
    const protocol = options.protocol ?? 'ocpp1.6';
    this.tongue = protocol === 'ocpp1.6' ? new Tongue16(this) : new Tongue2x(this);
    this.answers = this.tongue.answers();
    const read = (file) => (file ? readFileSync(file) : undefined);
    this.client = new rpc.RPCClient({
      endpoint: options.endpoint,
      identity,
      password: options.password,
      protocols: [protocol],
      strictMode: true,
      strictModeValidators: [strict21],
      callTimeoutMs: options.callTimeoutMs ?? 12000,
      pingIntervalMs: 2000,
      backoff: { initialDelay: 100, maxDelay: 500, factor: 1.5, randomisationFactor: 0.25 },
      wsOpts: options.ca ? { ca: read(options.ca), cert: read(options.cert), key: read(options.key) } : {},
    });
    this.client.on('open', () => say({ charger: identity, event: 'open' }));
    this.client.on('disconnect', ({ code, reason }) => say({ charger: identity, event: 'disconnect', code, reason: String(reason) }));
    this.client.on('strictValidationFailure', (f) =>
      say({ charger: identity, event: 'invalid', method: f.method, outbound: f.outbound, payload: f.result ?? f.params, error: String(f.error) }));
    this.client.on('badMessage', ({ error }) => say({ charger: identity, event: 'invalid', method: '', outbound: false, error: String(error) }));
    this.client.handle(({ method, params }) => this.called(method, params));
  }

  get isOffline() {
    return this.client.state !== rpc.RPCClient.OPEN;
  }

  now() {
    return now();
  }

  connector(number) {
    if (!this.connectors.has(number)) this.connectors.set(number, { number, registerWh: 1000 * number, status: 'Available', session: null });
    return this.connectors.get(number);
  }

  called(action, payload) {
    say({ charger: this.identity, event: 'call', action, payload });
    const known = this.answers[action];
    if (!known) throw rpc.createRPCError('NotImplemented', `no ${action} here`);
    const answer = typeof known === 'function' ? known(payload) : known;
    if (answer.status === 'Accepted')
      setImmediate(() => this.tongue.obey(action, payload).catch((e) => say({ charger: this.identity, event: 'failed', action, error: String(e) })));
    return answer;
  }

  // Messages of a transaction outlive the line: in order, each until it is answered, under a new id each time (1.6 §3.7, FIELD-NOTES 1).
  owe(action, payload, settle) {
    return new Promise((answered) => {
      this.queue.push({ action, payload, answered: (a) => { settle?.(a); answered(a); } });
      this.pump();
    });
  }

  async pump() {
    if (this.pumping) return;
    this.pumping = true;
    while (this.queue.length > 0) {
      const head = this.queue[0];
      try {
        const answer = await this.client.call(head.action, head.payload());
        this.queue.shift();
        head.answered(answer);
      } catch (error) {
        if (error.rpcErrorCode) say({ charger: this.identity, event: 'refused', action: head.action, error: String(error) });
        await pause(100);
      }
    }
    this.pumping = false;
  }

  async start(number, idTag, remoteStartId) {
    const c = this.connector(number);
    const session = {
      charger: this.identity, connector: number, idTag, meterStart: c.registerWh, meterStop: null, transactionId: null, transactionIds: [],
      status: null, startedAt: now(), stoppedAt: null, answeredWh: c.registerWh, startAnswered: false, remoteStartId,
    };
    this.ledger.push(session);
    c.session = session;
    const answered = this.tongue.started(c, session);
    this.tongue.tell(number, 'Charging').catch(() => {});
    return answered;
  }

  meter(number, wh, powerW) {
    const c = this.connector(number);
    c.registerWh += wh;
    return this.tongue.metered(c, c.session, c.registerWh, powerW ?? 11000);
  }

  stop(number, reason) {
    const c = this.connector(number);
    const session = c.session;
    c.session = null;
    session.meterStop = c.registerWh;
    session.stoppedAt = now();
    const answered = this.tongue.ended(c, session, reason);
    this.tongue.tell(number, 'Finishing').then(() => this.tongue.tell(number, 'Available')).catch(() => {});
    return answered;
  }

  // A day's work in short: so many sessions, one after the other, whatever happens to the gateway.
  async work({ sessions, idTag, seed, connector = 1 }) {
    const draw = random(seed);
    for (let i = 0; i < sessions; i++) {
      await this.start(connector, idTag);
      const steps = 3 + Math.floor(draw() * 5);
      for (let k = 0; k < steps; k++) {
        await pause(40 + draw() * 160);
        // Not awaited: values are measured while earlier ones still wait for the gateway.
        this.meter(connector, 1 + Math.floor(draw() * 400));
      }
      await pause(20 + draw() * 80);
      this.connector(connector).registerWh += Math.floor(draw() * 50);
      await this.stop(connector, 'Local');
    }
    say({ charger: this.identity, event: 'worked' });
  }

  async do(command) {
    switch (command.do) {
      case 'connect': await this.client.connect(); return true;
      case 'close': await this.client.close({}); return true;
      case 'drop': this.client._ws?.terminate(); return true;
      case 'boot': return this.tongue.boot();
      case 'call': return this.client.call(command.action, command.payload);
      case 'status': return this.tongue.tell(command.connector, command.status);
      case 'authorize': return this.tongue.authorize(command.idTag);
      case 'start': return this.start(command.connector, command.idTag);
      case 'meter': return this.meter(command.connector, command.wh, command.powerW);
      case 'stop': return this.stop(command.connector, command.reason ?? 'Local');
      case 'answer': this.answers[command.action] = command.payload; return true;
      case 'ledger': return this.ledger;
      case 'settings': return this.tongue.settings ?? {};
      case 'waiting': return this.queue.length;
      case 'work': this.work(command).catch((e) => say({ charger: this.identity, event: 'failed', action: 'work', error: String(e) })); return true;
      default: throw new Error(`no such command: ${command.do}`);
    }
  }
}

const chargers = new Map();
createInterface({ input: process.stdin }).on('line', async (line) => {
  const command = JSON.parse(line);
  try {
    if (command.do === 'make') chargers.set(command.charger, new Charger(command.charger, command));
    const ok = command.do === 'make' ? true : await chargers.get(command.charger).do(command);
    say({ id: command.id, ok: ok ?? true });
  } catch (error) {
    say({ id: command.id, error: `${error.rpcErrorCode ?? error.code ?? error.name}: ${error.message}` });
  }
}).on('close', () => process.exit(0));
