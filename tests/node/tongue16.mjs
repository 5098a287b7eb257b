// What a charger says in 1.6, and how it obeys.
export class Tongue16 {
  constructor(charger) {
    this.charger = charger;
  }

  answers() {
    return {
      ChangeConfiguration: { status: 'Accepted' },
      GetConfiguration: { configurationKey: [], unknownKey: [] },
      UnlockConnector: { status: 'Unlocked' },
      RemoteStartTransaction: { status: 'Accepted' },
      RemoteStopTransaction: { status: 'Accepted' },
      TriggerMessage: { status: 'Accepted' },
      ChangeAvailability: { status: 'Accepted' },
      ClearCache: { status: 'Accepted' },
      Reset: { status: 'Rejected' },
    };
  }

  async obey(action, payload) {
    const charger = this.charger;
    if (action === 'RemoteStartTransaction') await charger.start(payload.connectorId ?? 1, payload.idTag);
    if (action === 'RemoteStopTransaction') {
      const busy = [...charger.connectors.values()].find((c) => c.session?.transactionId === payload.transactionId);
      if (busy) await charger.stop(busy.number, 'Remote');
    }
    if (action === 'TriggerMessage' && payload.requestedMessage === 'BootNotification') await this.boot();
    if (action === 'TriggerMessage' && payload.requestedMessage === 'StatusNotification')
      for (const number of payload.connectorId !== undefined ? [payload.connectorId] : [...charger.connectors.keys()])
        await this.tell(number, number === 0 ? 'Available' : charger.connector(number).status);
  }

  boot() {
    return this.charger.client.call('BootNotification', { chargePointVendor: 'ocpp-rpc', chargePointModel: 'node', firmwareVersion: '2.2.1' });
  }

  tell(number, status) {
    if (number > 0) this.charger.connector(number).status = status;
    return this.charger.client.call('StatusNotification', { connectorId: number, errorCode: 'NoError', status, timestamp: this.charger.now() });
  }

  authorize(idTag) {
    return this.charger.client.call('Authorize', { idTag });
  }

  started(c, session) {
    return this.charger.owe('StartTransaction',
      () => ({ connectorId: c.number, idTag: session.idTag, meterStart: session.meterStart, timestamp: session.startedAt }),
      (answer) => {
        session.startAnswered = true;
        session.transactionId ??= answer.transactionId;
        if (!session.transactionIds.includes(answer.transactionId)) session.transactionIds.push(answer.transactionId);
        session.status = answer.idTagInfo.status;
      });
  }

  metered(c, session, value, powerW) {
    const at = this.charger.now();
    return this.charger.owe('MeterValues', () => ({
      connectorId: c.number, transactionId: session.transactionId,
      meterValue: [{ timestamp: at, sampledValue: [
        { value: String(value), measurand: 'Energy.Active.Import.Register', unit: 'Wh', context: 'Sample.Periodic' },
        { value: String(powerW), measurand: 'Power.Active.Import', unit: 'W' },
      ] }],
    }), () => { session.answeredWh = value; });
  }

  ended(c, session, reason) {
    return this.charger.owe('StopTransaction', () => ({
      transactionId: session.transactionId, idTag: session.idTag, meterStop: session.meterStop, timestamp: session.stoppedAt, reason,
    }), () => { session.stopAnswered = true; });
  }
}
