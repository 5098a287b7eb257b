namespace EdgeGateway.Hubs.Registering;

/// <summary>How a step with a hub ended, in plain words for the technician.</summary>
/// <param name="MayPass">It may succeed by itself: it is repeated.</param>
public sealed record HubAnswer(bool Done, string Text, bool MayPass = false)
{
    /// <summary>A token A that was made for the hub: shown to whoever asked for it, once, and written nowhere.</summary>
    public string? Invitation { get; init; }

    public static HubAnswer Ok(string text) => new(true, text);

    public static HubAnswer No(string text) => new(false, text);

    public static HubAnswer Later(string text) => new(false, text, MayPass: true);

    public override string ToString() => Text;
}
