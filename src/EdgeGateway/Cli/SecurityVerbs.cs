using System.CommandLine;
using EdgeGateway.Admin;

namespace EdgeGateway.Cli;

/// <summary>A station's password, profile and certificate.</summary>
internal static class SecurityVerbs
{
    public static Command Password()
    {
        var id = Id();
        return new Command("password", "Makes a new password and gives it to the station; the former one holds until it comes back") { id }
            .Asks(async (parsed, gateway, terminal, cancellationToken) =>
            {
                var station = parsed.GetRequiredValue(id);
                var answer = await gateway.PostAsync(
                    $"api/stations/{Uri.EscapeDataString(station)}/password", new(null), AdminJson.Default.SecurityRequest, AdminJson.Default.SecurityView, cancellationToken);
                terminal.Line($"{station}: {answer.Text}.");
                return 0;
            });
    }

    public static Command Security()
    {
        var id = Id();
        var profile = new Option<int?>("--profile") { Description = "The security profile to go to: 2 (TLS and password) or 3 (TLS and a certificate)", HelpName = "N" };
        var certificate = new Option<bool>("--certificate") { Description = "Have the station ask for a certificate of the site's authority" };
        return new Command("security", "Has a station go to a higher security profile, or ask for a certificate") { id, profile, certificate }
            .Asks(async (parsed, gateway, terminal, cancellationToken) =>
            {
                var (station, wanted, asks) = (parsed.GetRequiredValue(id), parsed.GetValue(profile), parsed.GetValue(certificate));
                if (wanted is null == !asks || wanted is < 1 or > 3)
                {
                    terminal.Fail("Either --profile 2 or 3, or --certificate is expected.");
                    return Terminal.WrongUsage;
                }
                var answer = await gateway.PostAsync(
                    $"api/stations/{Uri.EscapeDataString(station)}/security", new(wanted, asks), AdminJson.Default.SecurityRequest, AdminJson.Default.SecurityView, cancellationToken);
                terminal.Line($"{station}: {answer.Text}.");
                return 0;
            });
    }

    private static Argument<string> Id() => new("ID") { Description = "The station" };
}
