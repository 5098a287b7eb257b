using EdgeGateway.Chargers.Files;
using EdgeGateway.Site;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers;

/// <summary>Does to chargers what people want done, and leaves an event that says who wanted what.</summary>
public sealed class StationCare(ChargerRegistry registry, LocalLists.ListKeeper lists, FileErrands errands, Modbus.ModbusStations modbus, Remarks remarks) : IStationCare
{
    public async Task<CareAnswer> DoAsync(string station, CareTask task, string by, CancellationToken cancellationToken)
    {
        if (modbus.Find(station) is { } field)
            return Told(field.Line.Station, task, by, await field.CareAsync(task, cancellationToken));
        if (registry.Find(station) is not { } line)
            return CareAnswer.Of(CareOutcome.Offline, "The station has no line.");
        CareAnswer answer;
        try
        {
            await line.MayBeAsked.WaitAsync(cancellationToken);
            answer = task switch
            {
                SendLocalList send => await lists.SendAsync(line, send.Full, cancellationToken),
                ReadLocalList => await lists.ShowAsync(line, cancellationToken),
                UpdateFirmware update => await errands.UpdateAsync(line, update, by, cancellationToken),
                UploadLogs logs => await errands.UploadAsync(line, logs, by, cancellationToken),
                WriteSettings write when write.Values.Keys.FirstOrDefault(IsKey) is { } key =>
                    CareAnswer.Of(CareOutcome.Invalid, $"{key} is what the charger proves itself with here: changed alone, it would be locked out."),
                _ => await line.Dialect.CareAsync(line, task, cancellationToken),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            answer = CareAnswer.Of(CareOutcome.Offline, "The line ended.");
        }
        return Told(line.Station, task, by, answer);
    }

    private CareAnswer Told(string station, CareTask task, string by, CareAnswer answer)
    {
        // What is only read is nobody's event.
        if (task is not (ReadSettings or ReadLimits or ReadLocalList))
            remarks.Make(Severity.Info, "StationCare", station, $"{by}: {task.GetType().Name}: {answer.Outcome} {answer.Text}".TrimEnd());
        return answer;
    }

    private static bool IsKey(string name) => name[(name.LastIndexOf('.') + 1)..].Trim().ToUpperInvariant() is "AUTHORIZATIONKEY" or "BASICAUTHPASSWORD" or "SECURITYPROFILE";
}
