namespace EdgeGateway.Site.Reports;

/// <summary>A message of a charger that fails each time it comes, for a fault of ours: it is kept whole, for a person, and answered as recorded, so that the
/// charger's queue goes on (FIELD-NOTES 2). Posted by the engine.</summary>
/// <param name="Input">As it came.</param>
/// <param name="Content">What tells it from other messages.</param>
/// <param name="Because">What went wrong with it.</param>
internal sealed record MessageFailed(SiteInput Input, string Station, string Content, string Because) : Report<object>;
