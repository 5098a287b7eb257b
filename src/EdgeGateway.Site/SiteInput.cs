namespace EdgeGateway.Site;

/// <summary>What enters the site: a report of what happened, or a request for what is wanted.</summary>
public abstract record SiteInput;

/// <summary>What a device says happened. It is recorded, never refused.</summary>
public abstract record Report<TAnswer> : SiteInput;

/// <summary>What somebody wants. It is granted, or refused with a reason.</summary>
public abstract record Request<TAnswer> : SiteInput;

/// <summary>The answer of a report that asks for nothing.</summary>
public sealed record Recorded
{
    public static Recorded Instance { get; } = new();
}
