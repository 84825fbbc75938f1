using System.Net;
using Mofo.ML.EndToEnd.Tests.Pipelines;

namespace Mofo.ML.EndToEnd.Tests.Serving;

/// <summary>What the service tells browsers that they may do.</summary>
[Collection(nameof(ServedPipeline))]
public sealed class BrowserPolicyTests(TrainedPipeline trained) : ServiceTests(trained)
{
    [Theory]
    [InlineData("")]
    [InlineData("health")]
    [InlineData("nowhere")]
    [InlineData("page.js")]
    [InlineData("samples")]
    [InlineData("openapi.json")]
    public async Task Every_answer_tells_browsers_to_do_nothing_but_what_the_page_needs(string address)
    {
        using var answer = await Service.Client.GetAsync(new Uri(address, UriKind.Relative));
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task The_page_has_no_script_or_style_of_its_own_which_the_policy_would_forbid()
    {
        var page = await Service.Client.GetStringAsync(new Uri("/", UriKind.Relative));
        Assert.DoesNotContain("<style", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("style=", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("<script src=\"page.js\" type=\"module\"></script>", page, StringComparison.Ordinal);
        Assert.Contains("addEventListener", await Service.Client.GetStringAsync(new Uri("page.js", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_other_sites_may_not_send_videos()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("predict", UriKind.Relative));
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Content = new MultipartFormDataContent { { new ByteArrayContent(await File.ReadAllBytesAsync(Clips()[0])), "video", "clip.avi" } };
        await Refused(HttpStatusCode.Forbidden, "Another site's page", await Service.Client.SendAsync(request));
    }
}
