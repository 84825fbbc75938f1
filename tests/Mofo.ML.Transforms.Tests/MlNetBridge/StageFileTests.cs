using System.Text;
using Microsoft.ML;
using Mofo.ML.Tests.Shared;

namespace Mofo.ML.Transforms.Tests.MlNetBridge;

/// <summary>Stage files in a model zip that were edited or damaged: FormatException, and nothing else.</summary>
public sealed class StageFileTests : IDisposable
{
    private readonly Video.TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_edited_value_is_used_or_refused_but_never_stumbled_over()
    {
        var model = Saved();
        var (used, refused) = (0, 0);
        foreach (var stage in ModelZip.Stages(model))
        {
            foreach (var (edit, copy) in ModelZip.Edits(model, stage, _folder.File("edited.zip")))
            {
                try
                {
                    _ = _ml.Model.Load(copy, out _);
                    used++;
                }
                catch (Exception e)
                {
                    Assert.True(e.Causes().OfType<FormatException>().Any(), $"{edit}: {e}");
                    Assert.False(e.Causes().OfType<NullReferenceException>().Any(), $"{edit}: {e}");
                    refused++;
                }
            }
        }

        Assert.True(used > 30 && refused > 100, $"{used} used, {refused} refused");
    }

    [Theory]
    [InlineData("stage.json", "its SHA-256 is")]
    [InlineData("stage.sha256", "its SHA-256 is")]
    public void A_change_that_still_is_JSON_is_noticed_by_the_hash(string entry, string message)
    {
        var copy = ModelZip.Change(Saved(), _folder.File("changed.zip"), entry, bytes => entry == "stage.json"
            ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("\"Window\": 8", "\"Window\": 9"))
            : [.. bytes.Reverse()]);
        Assert.Contains(message, Refusal(copy).Message);
    }

    [Theory]
    [InlineData("stage.json", "no entry stage.json")]
    [InlineData("stage.sha256", "one in stage.sha256")]
    public void A_missing_entry_is_named(string entry, string message) =>
        Assert.Contains(message, Refusal(ModelZip.Change(Saved(), _folder.File("missing.zip"), entry, _ => null)).Message);

    [Fact]
    public void A_file_of_the_first_format_has_no_hash_and_loads()
    {
        var first = ModelZip.Change(Saved(), _folder.File("step.zip"), "stage.sha256", _ => null);
        first = ModelZip.Change(first, _folder.File("first.zip"), "Model.key", bytes =>
        {
            var at = bytes.AsSpan().IndexOf("MOFO"u8);
            if (at >= 0)
            {
                Assert.Equal(2, bytes[at + 8]); // the version written, 1.2, follows the signature
                bytes[at + 8] = 1;
            }

            return bytes;
        });
        Assert.NotNull(_ml.Model.Load(first, out _));
    }

    private FormatException Refusal(string model) => Assert.ThrowsAny<Exception>(() => _ml.Model.Load(model, out _)).Causes().OfType<FormatException>().First();

    private string Saved()
    {
        var path = _folder.File("model.zip");
        if (!File.Exists(path))
        {
            var view = ScriptedView.Once([]);
            var chain = _ml.Transforms.DetectMotion().Append(_ml.Transforms.ExtractMotionMap());
            _ml.Model.Save(chain.Fit(view), view.Schema, path);
        }

        return path;
    }
}
