using EdgeGateway.Chargers.LocalLists;

namespace EdgeGateway.Tests.Chargers.LocalLists;

public sealed class ListPlanTests
{
    [Fact]
    public void A_plan_leads_from_whatever_the_charger_has_to_what_is_wanted_within_its_limits()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            ListEntry[] Draw() =>
            [
                .. Enumerable.Range(0, 40).Where(_ => random.Next(3) == 0).Select(n => new ListEntry($"CARD{n}", random.Next(3) == 0 ? $"G{random.Next(3)}" : null)),
            ];
            var (has, wanted) = (Draw(), Draw());
            var isWhereWeThink = random.Next(2) == 0;
            var knownVersion = random.Next(0, 9);
            var version = isWhereWeThink ? knownVersion : random.Next(0, 9);
            var perMessage = random.Next(1, 9);

            // What a charger has under another version than ours is not what we think it is.
            var charger = version == knownVersion && version > 0 ? has : Draw();
            IReadOnlyList<ListEntry> list = version == 0 ? [] : charger;
            var last = version;
            foreach (var update in ListPlan.Of(wanted, has, knownVersion, version, perMessage, random.Next(4) == 0))
            {
                Assert.True(update.Version > last, $"seed {seed}: version {update.Version} after {last}");
                Assert.True(update.Set.Length + update.Removed.Length <= perMessage, $"seed {seed}: {update}");
                last = update.Version;
                list = ListPlan.After(list, update);
            }

            Assert.True(wanted.OrderBy(e => e.Uid, StringComparer.Ordinal).SequenceEqual(list.OrderBy(e => e.Uid, StringComparer.Ordinal)), $"seed {seed}");
        }
    }

    [Fact]
    public void One_card_more_is_one_difference_and_what_is_revoked_goes_first()
    {
        ListEntry[] has = [new("A", null), new("B", null), new("C", null)];

        var more = Assert.Single(ListPlan.Of([.. has, new("D", null)], has, 7, 7, 20, full: false));
        Assert.False(more.Full);
        Assert.Equal((8, "D"), (more.Version, Assert.Single(more.Set).Uid));

        var steps = ListPlan.Of([new("B", null), new("C", null), new("E", null)], has, 7, 7, 1, full: false);
        Assert.Equal(["A"], steps[0].Removed);
        Assert.Equal("E", Assert.Single(steps[1].Set).Uid);
    }

    [Fact]
    public void A_charger_in_step_is_told_nothing_and_an_empty_list_is_sent_to_one_that_has_cards()
    {
        ListEntry[] has = [new("A", null)];

        Assert.Empty(ListPlan.Of(has, has, 3, 3, 20, full: false));
        Assert.Empty(ListPlan.Of([], [], 0, 0, 20, full: false));
        var none = Assert.Single(ListPlan.Of([], [], 0, 3, 20, full: false));
        Assert.True(none.Full);
        Assert.Empty(none.Set);
    }
}
