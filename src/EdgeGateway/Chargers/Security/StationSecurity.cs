using System.Security.Cryptography;
using EdgeGateway.Site.Model;

namespace EdgeGateway.Chargers.Security;

/// <summary>What people want done for a station's security, whichever way they come.</summary>
public sealed class StationSecurity(
    Func<ChargersOptions> options, ChargerRegistry registry, StationPasswords passwords, SecurityProfiles profiles, CertificateParts certificates, Remarks remarks)
{
    /// <summary>OCPP asks for 16 at least; as 40 hex digits they fit both families (1.6 AuthorizationKey, 2.0.1 BasicAuthPassword).</summary>
    public const int PasswordBytes = 20;

    /// <summary>Makes a new password and gives it to the station. Both hold until it comes back with the new one (A01).</summary>
    public Task<SecurityAnswer> ChangePasswordAsync(string station, string by, CancellationToken cancellationToken) => DoAsync(station, by, "new password", async line =>
    {
        if (line.Entry.Profile == SecurityProfiles.Certificate)
            return SecurityAnswer.NotSupported("it proves who it is by its certificate, and has no use for a password");
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(PasswordBytes));
        // On disk before the charger has it: whatever is cut in between, one of the two opens the door.
        await passwords.ExpectAsync(line.Station, password, cancellationToken);
        var answer = await line.Dialect.SecureAsync(line, new SetPassword(password), cancellationToken);
        if (answer is { Done: false, MayHave: false })
            await passwords.ForgetExpectedAsync(line.Station, cancellationToken);
        return answer.Done ? answer with { Text = $"{answer.Text}; it is in force once the station comes back with it" } : answer;
    });

    /// <summary>Has the station go to a higher profile (A05). The way it comes now stays open until it has come the new one.</summary>
    public Task<SecurityAnswer> RaiseProfileAsync(string station, int profile, string by, CancellationToken cancellationToken) => DoAsync(station, by, $"security profile {profile}", async line =>
    {
        if (profile is < SecurityProfiles.Password or > SecurityProfiles.Certificate)
            return SecurityAnswer.NotSupported("a security profile is 1, 2 or 3");
        if (profile <= line.Entry.Profile)
            return SecurityAnswer.NotSupported($"it has profile {line.Entry.Profile}, and is never sent lower");
        if (!line.Entry.IsAuthenticated)
            return SecurityAnswer.NotSupported("it has not proved who it is: give it a password first");
        if (!certificates.ServesTls())
            return SecurityAnswer.NotSupported("the listener for chargers has no certificate; edge-gateway cert init makes one");
        if (profile == SecurityProfiles.Certificate && !certificates.Has(line.Station))
            return SecurityAnswer.NotSupported("it has no certificate of this site's yet; station security --certificate has it ask for one");
        if (line.Origin.Host is not { Length: > 0 } host)
            return SecurityAnswer.NotSupported("it did not say under which name it reaches us");
        await profiles.AwaitAsync(line.Station, profile, cancellationToken);
        var answer = await line.Dialect.SecureAsync(line, new RaiseProfile(profile, new($"wss://{host}{ChargersServices.Path}")), cancellationToken);
        if (answer is { Done: false, MayHave: false })
            await profiles.AwaitNothingAsync(line.Station, cancellationToken);
        if (!answer.Done)
            return answer;
        var least = options().Station(line.Station)?.SecurityProfile;
        return answer with
        {
            Text = $"{answer.Text}; it has {SecurityProfiles.RaiseLimit.TotalMinutes:0} min to come back with it, and may come as before until it has"
                + (least < profile ? $". The configuration says SecurityProfile {least}, which goes on letting it in" : ""),
        };
    });

    /// <summary>Has the station make a key and ask for a certificate (A02).</summary>
    public Task<SecurityAnswer> AskForCertificateAsync(string station, string by, CancellationToken cancellationToken) =>
        DoAsync(station, by, "certificate", line => line.Dialect.SecureAsync(line, new AskForCertificate(), cancellationToken));

    private async Task<SecurityAnswer> DoAsync(string station, string by, string what, Func<ChargerLine, Task<SecurityAnswer>> task)
    {
        if (registry.Find(station) is not { } line)
            return SecurityAnswer.NotSupported("the station has no line");
        SecurityAnswer answer;
        try
        {
            await line.MayBeAsked;
            answer = await task(line);
        }
        catch (OperationCanceledException)
        {
            answer = new(false, true, "the line ended");
        }
        remarks.Make(answer.Done ? Severity.Info : Severity.Warning, "StationSecurity", line.Station, $"{by}: {what}: {answer.Text}");
        return answer;
    }
}
