using Mofo.ML.Tests.Shared;
using Mofo.ML.Trainers.Training.Optimizer;

namespace Mofo.ML.Trainers.Tests.Training;

/// <summary>Golden part E: the original's schedule values.</summary>
public sealed class ScheduleConformanceTests
{
    [Fact]
    public void Every_value_of_every_schedule_is_that_of_the_original()
    {
        foreach (var @case in GoldenPack.Json("optim/cosine_scheduler.json").AsArray())
        {
            var arguments = @case!["arguments"]!.AsObject();
            double Argument(string name, double otherwise) => arguments[name] is { } value ? (double)value : otherwise;
            var perEpoch = (int)Argument("niter_per_ep", 0);
            var steps = (int)Argument("epochs", 0) * perEpoch;
            var given = (int)Argument("warmup_steps", -1);
            var warmUp = given > 0 ? given : (int)Argument("warmup_epochs", 0) * perEpoch;
            Schedule Make() => Schedule.Cosine(Argument("base_value", 0), Argument("final_value", 0), steps, warmUp, Argument("start_warmup_value", 0));

            if (@case["values"] is not { } values)
            {
                // Where the original fails because the warm-up is longer than training so do we; a warm-up in steps without one in epochs works here.
                if (warmUp > steps)
                {
                    Assert.Throws<ArgumentOutOfRangeException>(() => Make());
                }

                continue;
            }

            var schedule = Make();
            Assert.Equal((int)@case["length"]!, schedule.Length);
            for (var step = 0; step < schedule.Length; step++)
            {
                var expected = (double)values[step]!;
                Assert.InRange(Math.Abs(schedule[step] - expected), 0, 1e-12 * Math.Abs(expected));
            }
        }
    }

    [Fact]
    public void Steps_past_the_end_keep_the_final_value() =>
        Assert.Equal(0.25, Schedule.Cosine(1, 0.25, 10, warmUp: 2)[1000]);

    [Fact]
    public void A_warm_up_longer_than_training_is_named()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Cosine(1, 0, 10, warmUp: 11));
        Assert.Contains("The warm-up is 11 steps; it must be from 0 to all 10 steps of training.", error.Message, StringComparison.Ordinal);
    }
}
