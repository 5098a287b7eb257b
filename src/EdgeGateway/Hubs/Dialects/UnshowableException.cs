namespace EdgeGateway.Hubs.Dialects;

/// <summary>An object of ours has no valid form in this protocol. Caught by the dialect, which returns it as a refusal.</summary>
internal sealed class UnshowableException(string why) : Exception(why);
