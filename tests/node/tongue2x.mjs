// What a charger says in 2.0.1 and 2.1, and how it obeys.
import { randomUUID } from 'node:crypto';

const occupied = ['Preparing', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'Finishing'];
const accepted = { status: 'Accepted' };

export class Tongue2x {
  constructor(charger) {
    this.charger = charger;
    // Component.Variable -> value
    this.settings = {
      'SampledDataCtrlr.TxUpdatedInterval': '60', 'OCPPCommCtrlr.HeartbeatInterval': '300', 'TxCtrlr.TxStartPoint': 'PowerPathClosed',
      'AuthCtrlr.LocalAuthorizeOffline': 'true', 'LocalAuthListCtrlr.Enabled': 'true', 'SecurityCtrlr.BasicAuthPassword': '',
    };
    this.list = { version: 0, cards: {} };
  }

  answers() {
    return {
      RequestStartTransaction: accepted,
      RequestStopTransaction: (p) => (this.running(p.transactionId) ? accepted : { status: 'Rejected' }),
      GetTransactionStatus: (p) => ({ messagesInQueue: this.charger.queue.length > 0, ...(p.transactionId ? { ongoingIndicator: !!this.running(p.transactionId) } : {}) }),
      GetVariables: (p) => ({ getVariableResult: p.getVariableData.map((d) => this.get(d)) }),
      SetVariables: (p) => ({ setVariableResult: p.setVariableData.map((d) => this.set(d)) }),
      GetBaseReport: accepted,
      UnlockConnector: { status: 'Unlocked' },
      TriggerMessage: accepted,
      ChangeAvailability: accepted,
      ClearCache: accepted,
      Reset: accepted,
      CostUpdated: {},
      GetLocalListVersion: () => ({ versionNumber: this.list.version }),
      SendLocalList: (p) => this.take(p),
      SetChargingProfile: accepted,
      ClearChargingProfile: accepted,
    };
  }

  async obey(action, payload) {
    const charger = this.charger;
    if (action === 'RequestStartTransaction') await charger.start(payload.evseId ?? 1, payload.idToken.idToken, payload.remoteStartId);
    if (action === 'RequestStopTransaction') await charger.stop(this.running(payload.transactionId).number, 'Remote');
    if (action === 'GetBaseReport') await this.report(payload.requestId);
    if (action === 'TriggerMessage' && payload.requestedMessage === 'BootNotification') await this.boot('Triggered');
    if (action === 'TriggerMessage' && payload.requestedMessage === 'StatusNotification')
      for (const number of payload.evse ? [payload.evse.id] : [...charger.connectors.keys()]) await this.tell(number, charger.connector(number).status);
    if (action === 'Reset' && !payload.evseId) {
      // The answer goes out first.
      await new Promise((done) => setTimeout(done, 200));
      for (const c of [...charger.connectors.values()].filter((c) => c.session)) charger.stop(c.number, 'ImmediateReset');
      charger.client._ws?.terminate();
      await this.boot('RemoteReset');
    }
  }

  running(transactionId) {
    return [...this.charger.connectors.values()].find((c) => c.session?.ownId === transactionId);
  }

  get({ component, variable, attributeType }) {
    const value = this.settings[`${component.name}.${variable.name}`];
    const known = Object.keys(this.settings).some((name) => name.startsWith(component.name + '.'));
    const secret = variable.name === 'BasicAuthPassword';
    return {
      component, variable, ...(attributeType ? { attributeType } : {}),
      attributeStatus: value === undefined ? (known ? 'UnknownVariable' : 'UnknownComponent') : secret ? 'Rejected' : 'Accepted',
      ...(value === undefined || secret ? {} : { attributeValue: value }),
    };
  }

  set({ component, variable, attributeType, attributeValue }) {
    const name = `${component.name}.${variable.name}`;
    const known = name in this.settings;
    if (known) this.settings[name] = attributeValue;
    return { component, variable, ...(attributeType ? { attributeType } : {}), attributeStatus: known ? 'Accepted' : 'UnknownVariable' };
  }

  take({ versionNumber, updateType, localAuthorizationList }) {
    if (updateType === 'Differential' && versionNumber <= this.list.version) return { status: 'VersionMismatch' };
    if (updateType === 'Full') this.list.cards = {};
    for (const { idToken, idTokenInfo } of localAuthorizationList ?? []) {
      if (idTokenInfo) this.list.cards[idToken.idToken] = idTokenInfo.status;
      else delete this.list.cards[idToken.idToken];
    }
    this.list.version = versionNumber;
    return accepted;
  }

  async report(requestId) {
    const data = Object.entries(this.settings).map(([name, value]) => ({
      component: { name: name.split('.')[0] }, variable: { name: name.split('.')[1] },
      variableAttribute: [name.endsWith('BasicAuthPassword') ? { mutability: 'WriteOnly' } : { value, mutability: 'ReadWrite' }],
      variableCharacteristics: { dataType: 'string', supportsMonitoring: false },
    }));
    // In two parts, so that both are put together.
    const parts = [data.slice(0, 3), data.slice(3)];
    for (const [seqNo, reportData] of parts.entries())
      await this.charger.client.call('NotifyReport', { requestId, generatedAt: this.charger.now(), seqNo, tbc: seqNo + 1 < parts.length, reportData });
  }

  boot(reason = 'PowerUp') {
    return this.charger.client.call('BootNotification', { reason, chargingStation: { vendorName: 'ocpp-rpc', model: 'node', firmwareVersion: '2.2.1' } });
  }

  tell(number, status) {
    if (number === 0) return Promise.resolve({});
    this.charger.connector(number).status = status;
    return this.charger.client.call('StatusNotification', {
      evseId: number, connectorId: 1, connectorStatus: occupied.includes(status) ? 'Occupied' : status, timestamp: this.charger.now(),
    });
  }

  authorize(idTag) {
    return this.charger.client.call('Authorize', { idToken: this.token(idTag) });
  }

  token(idTag) {
    return { idToken: idTag, type: 'ISO14443' };
  }

  started(c, session) {
    session.ownId = randomUUID();
    session.seqNo = 0;
    return this.event('Started', c, session, session.startedAt, session.meterStart, {
      triggerReason: session.remoteStartId ? 'RemoteStart' : 'Authorized', idToken: this.token(session.idTag),
    }, { chargingState: 'Charging', ...(session.remoteStartId ? { remoteStartId: session.remoteStartId } : {}) }, 'Transaction.Begin', (answer) => {
      session.startAnswered = true;
      session.status = answer.idTokenInfo?.status ?? null;
    });
  }

  metered(c, session, value, powerW) {
    return this.event('Updated', c, session, this.charger.now(), value, { triggerReason: 'MeterValuePeriodic' }, { chargingState: 'Charging' }, 'Sample.Periodic',
      () => { session.answeredWh = value; }, powerW);
  }

  ended(c, session, reason) {
    return this.event('Ended', c, session, session.stoppedAt, session.meterStop,
      { triggerReason: reason === 'Remote' ? 'RemoteStop' : reason === 'ImmediateReset' ? 'ResetCommand' : 'StopAuthorized', ...(reason === 'Local' ? { idToken: this.token(session.idTag) } : {}) },
      { chargingState: 'EVConnected', stoppedReason: reason }, 'Transaction.End', (answer) => {
        session.stopAnswered = true;
        session.totalCost = answer.totalCost;
      });
  }

  event(eventType, c, session, timestamp, value, more, info, context, settle, powerW) {
    const payload = {
      eventType, timestamp, seqNo: session.seqNo++, ...more, ...(this.charger.isOffline ? { offline: true } : {}),
      evse: { id: c.number, connectorId: 1 },
      transactionInfo: { transactionId: session.ownId, ...info },
      meterValue: [{ timestamp, sampledValue: [
        { value, measurand: 'Energy.Active.Import.Register', context, unitOfMeasure: { unit: 'Wh' } },
        ...(powerW === undefined ? [] : [{ value: powerW, measurand: 'Power.Active.Import', context, unitOfMeasure: { unit: 'W' } }]),
      ] }],
    };
    return this.charger.owe('TransactionEvent', () => payload, settle);
  }
}
