using Mofo.ML.Transforms.MlNetBridge;

namespace Mofo.ML.Transforms.Tests.MlNetBridge;

/// <summary>A long pass says how far it is; a short one says nothing.</summary>
public sealed class PassLinesTests
{
    [Fact]
    public void A_line_comes_every_ten_seconds()
    {
        var clock = new SetClock();
        var (lines, count) = (new PassLines("Motion detection", clock), new VideoCount());
        count.Add(skipped: false);
        Assert.Null(lines.After(count));

        clock.Now += PassLines.Every;
        Assert.Equal("Motion detection: 1 video so far.", lines.After(count));

        count.Add(skipped: true);
        Assert.Null(lines.After(count));

        clock.Now += PassLines.Every - TimeSpan.FromTicks(1);
        Assert.Null(lines.After(count));

        clock.Now += TimeSpan.FromTicks(1);
        count.Add(skipped: false);
        Assert.Equal("Motion detection: 3 videos so far, 1 of them could not be read.", lines.After(count));
    }

    /// <summary>A clock that a test sets.</summary>
    private sealed class SetClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
