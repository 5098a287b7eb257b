using System.Text.Json;
using EdgeGateway.Admin;
using EdgeGateway.Chargers;
using EdgeGateway.Chargers.Files;
using EdgeGateway.Chargers.Security;
using EdgeGateway.Configuration;
using EdgeGateway.Hubs;
using EdgeGateway.Journal;
using EdgeGateway.Mqtt;

namespace EdgeGateway.Hosting;

/// <summary>Shows the technician's listener the parts of the program that it must not know itself.</summary>
internal static class TechnicianParts
{
    public static AdminParts Of(IServiceProvider services, Store store, ConfigurationWatch watch, TimeProvider clock) => new()
    {
        Started = clock.GetUtcNow(),
        Password = watch.Current.Admin.Password,
        CallAsync = async (station, action, payload, cancellationToken) =>
        {
            var answer = await services.GetRequiredService<ChargingStations>().CallAsync(station, action, payload.GetRawText(), cancellationToken);
            return answer.ErrorCode is { } code
                ? new(null, new(code, answer.ErrorDescription ?? ""))
                : new(JsonDocument.Parse(answer.ResultJson ?? "{}").RootElement, null);
        },
        Frame = FrameMasking.ForPeople,
        HubsAsync = async cancellationToken => [.. (await services.GetRequiredService<HubOperations>().StatusAsync(cancellationToken)).Select(View)],
        HubActionAsync = async (hub, action, how, cancellationToken) =>
        {
            var hubs = services.GetRequiredService<HubOperations>();
            var answer = action switch
            {
                "register" when how.Listen => await hubs.InviteAsync(hub, cancellationToken),
                "register" => await hubs.RegisterAsync(hub, how.Token, cancellationToken),
                "update" => await hubs.UpdateAsync(hub, cancellationToken),
                _ => await hubs.UnregisterAsync(hub, cancellationToken, how.Force),
            };
            return new(answer.Done ? null : answer.Text, answer.Invitation);
        },
        Lines = LineParts.Of(services),
        Files = FilesOf(services, watch),
        Hasten = hub => services.GetRequiredService<HubOperations>().Hasten(hub),
        LoreAsync = LoreParts.Of(services, () => watch.Current.Chargers),
        Mqtt = () => BrokerParts.View(services.GetRequiredService<MqttService>().Figures),
        Schema = static name => name.Length == 0 ? PayloadSchemas.Index : PayloadSchemas.All.GetValueOrDefault(name),
        Storage = () => new(watch.Current.Storage.Path, Size(watch.Current.Storage.Path) + Size(watch.Current.Storage.Path + "-wal"), watch.Current.Storage.MaxSizeMb * 1048576L),
        Security = SecurityOf(services),
        Meters = MeterJoin.Of(services, watch),
        Degraded = () => Degraded(services, store, watch),
    };

    private static AdminFiles FilesOf(IServiceProvider services, ConfigurationWatch watch)
    {
        var (store, jobs) = (services.GetRequiredService<FileStore>(), services.GetRequiredService<StationJobs>());
        return new()
        {
            Firmware = () => [.. store.Firmware().Select(static f => new FirmwareView(f.Name, f.Length, new(f.LastWriteTimeUtc)))],
            MostBytes = () => watch.Current.Chargers.Files.MaxFirmwareBytes,
            KeepAsync = (name, content, cancellationToken) => store.KeepFirmwareAsync(name, content, jobs.IsToBeFetched, cancellationToken),
            Drop = name => jobs.IsToBeFetched(name) ? $"A charger is to fetch {name}." : store.DropFirmware(name) ? null : $"There is no firmware file {name}.",
            OpenLogAsync = jobs.OpenLogAsync,
        };
    }

    private static IEnumerable<Degradation> Degraded(IServiceProvider services, Store store, ConfigurationWatch watch)
    {
        if (store.TroubleText is { } trouble)
            yield return new("StorageTrouble", "storage", trouble);
        foreach (var part in services.GetRequiredService<Supervisor>().Stalled)
            yield return new("NoProgress", part, "makes no progress");
        foreach (var listener in Enum.GetValues<Listener>())
        {
            if (services.GetRequiredService<Doors>().TurnedAway(listener) is > 0 and var many)
                yield return new("TooManyConnections", $"{listener} listener", $"{many} connections were one too many since the start");
        }
        foreach (var ending in services.GetRequiredService<CertificateCare>().Endings)
            yield return new("CertificateEnds", ending.Whose, ending.Text);
        if (watch.Faults.Count > 0)
            yield return new("ConfigurationBroken", "configuration", $"The edited file has faults and is not in force; the first: {watch.Faults[0]}");
        foreach (var line in services.GetRequiredService<ChargingStations>().Lines())
        {
            if (!line.IsAuthenticated && !line.IsQuarantined)
                yield return new("StationWeak", line.Station, "is connected without a password (S1)");
        }
    }

    private static SecurityParts SecurityOf(IServiceProvider services)
    {
        const string By = "admin API";
        return new()
        {
            PasswordAsync = async (station, cancellationToken) => View(await Security().ChangePasswordAsync(station, By, cancellationToken)),
            ProfileAsync = async (station, profile, cancellationToken) => View(await Security().RaiseProfileAsync(station, profile, By, cancellationToken)),
            CertificateAsync = async (station, cancellationToken) => View(await Security().AskForCertificateAsync(station, By, cancellationToken)),
            Weak = () => Weak(services.GetRequiredService<ChargingStations>().Lines()),
            Locked = () => new(services.GetRequiredService<StationDoor>().LockedStations, services.GetRequiredService<StationDoor>().LockedAddresses),
        };

        StationSecurity Security() => services.GetRequiredService<StationSecurity>();

        static SecurityView View(SecurityAnswer answer) => new(answer.Done, answer.Text);
    }

    private static IEnumerable<Degradation> Weak(IEnumerable<LineFigures> lines)
    {
        foreach (var line in lines.Where(static l => !l.IsQuarantined))
        {
            if (line.Profile == SecurityProfiles.Nothing)
                yield return new("StationWeak", line.Station, "is connected without a password (security profile 0)");
            else if (line.Profile == SecurityProfiles.Password)
                yield return new("StationPlain", line.Station, "is connected with a password, without TLS (security profile 1)");
        }
    }

    private static HubView View(HubStatus hub) => new()
    {
        Name = hub.Name,
        State = hub.State.ToString(),
        Version = hub.Version,
        Backlog = hub.Backlog,
        Oldest = hub.Oldest,
        DeadLetters = hub.DeadLetters,
        LastDelivery = hub.LastDelivery,
        Tokens = hub.Tokens,
        Trouble = hub.LastError,
        Handshake = hub.PendingHandshake,
        Invited = hub.InvitedAt,
        Clients = hub.Clients,
        SuspendedParties = hub.SuspendedParties,
    };

    private static long Size(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
