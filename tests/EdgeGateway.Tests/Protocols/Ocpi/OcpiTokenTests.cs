using System.Text;
using EdgeGateway.Protocols.Ocpi.Http;

namespace EdgeGateway.Tests.Protocols.Ocpi;

/// <summary>Checklist T2 and T3.</summary>
public sealed class OcpiTokenTests
{
    private const string Token = "ebf3b399-779f-4497-9b9d-ac6ad3cc44d2";

    [Fact]
    public void A_token_is_sent_in_either_form()
    {
        Assert.Equal("Token ZWJmM2IzOTktNzc5Zi00NDk3LTliOWQtYWM2YWQzY2M0NGQy", OcpiToken.Header(Token, TokenEncoding.Base64));
        Assert.Equal("Token " + Token, OcpiToken.Header(Token, TokenEncoding.Plain));
    }

    [Theory]
    [InlineData("Token ZWJmM2IzOTktNzc5Zi00NDk3LTliOWQtYWM2YWQzY2M0NGQy")]
    [InlineData("Token ebf3b399-779f-4497-9b9d-ac6ad3cc44d2")]
    [InlineData("token ebf3b399-779f-4497-9b9d-ac6ad3cc44d2")]
    [InlineData("  Token   ebf3b399-779f-4497-9b9d-ac6ad3cc44d2 ")]
    public void A_token_is_recognised_in_either_form(string header)
    {
        Assert.True(OcpiToken.Matches(header, Token));
        Assert.True(OcpiToken.Matches(header, OcpiToken.Digest(Token)));
        Assert.False(OcpiToken.Matches(header, Token + "x"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Token")]
    [InlineData("Token ")]
    [InlineData("Bearer ebf3b399-779f-4497-9b9d-ac6ad3cc44d2")]
    [InlineData("Tokenebf3b399-779f-4497-9b9d-ac6ad3cc44d2")]
    [InlineData("ebf3b399-779f-4497-9b9d-ac6ad3cc44d2")]
    public void Whatever_else_stands_in_the_header_is_nobody(string? header)
    {
        Assert.False(OcpiToken.Matches(header, Token));
        Assert.False(OcpiToken.Matches(header, ""));
    }

    [Fact]
    public void A_raw_token_that_looks_like_Base64_is_recognised_raw_and_encoded()
    {
        const string Lookalike = "QUJDREVGR0hJSktMTU5PUA=="; // also "ABCDEFGHIJKLMNOP" in Base64
        Assert.True(OcpiToken.Matches(OcpiToken.Header(Lookalike, TokenEncoding.Plain), Lookalike));
        Assert.True(OcpiToken.Matches(OcpiToken.Header(Lookalike, TokenEncoding.Base64), Lookalike));
        Assert.Equal(["ABCDEFGHIJKLMNOP", Lookalike], OcpiToken.Candidates("Token " + Lookalike));
    }

    [Fact]
    public void Base64_without_its_padding_is_read() =>
        Assert.True(OcpiToken.Matches("Token " + Convert.ToBase64String(Encoding.UTF8.GetBytes("four5")).TrimEnd('='), "four5"));

    [Fact]
    public void A_header_of_a_megabyte_is_not_looked_at() => Assert.Empty(OcpiToken.Candidates("Token " + new string('a', 1_000_000)));

    [Fact]
    public void Generated_tokens_are_well_formed_unlike_each_other_and_never_read_as_Base64()
    {
        var tokens = Enumerable.Range(0, 1000).Select(_ => OcpiToken.Generate()).ToList();
        Assert.Equal(tokens.Count, tokens.Distinct(StringComparer.Ordinal).Count());
        Assert.All(tokens, token => Assert.True(OcpiToken.IsWellFormed(token), token));
        Assert.All(tokens, token => Assert.Equal(43, token.Length));
        Assert.All(tokens, token => Assert.True(OcpiToken.Matches(OcpiToken.Header(token, TokenEncoding.Plain), token)));
        Assert.All(tokens, token => Assert.True(OcpiToken.Matches(OcpiToken.Header(token, TokenEncoding.Base64), token)));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    [InlineData("!~", true)]
    public void A_token_has_visible_ASCII_only(string token, bool good) => Assert.Equal(good, OcpiToken.IsWellFormed(token));

    [Fact]
    public void A_token_has_at_most_64_characters()
    {
        Assert.True(OcpiToken.IsWellFormed(new string('x', 64)));
        Assert.False(OcpiToken.IsWellFormed(new string('x', 65)));
    }
}
