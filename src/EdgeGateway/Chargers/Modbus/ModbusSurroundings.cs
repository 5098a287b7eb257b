using EdgeGateway.Site;

namespace EdgeGateway.Chargers.Modbus;

/// <summary>What every Modbus charger has to do with besides its line.</summary>
public sealed record ModbusSurroundings(
    SiteEngine Site, Authorizations Authorizations, IDocuments Documents, IFrameLog Frames, Remarks Remarks, MeterLookup Meters, Func<ChargersOptions> Options, TimeProvider Clock);
