using PaperInSmall;

namespace Mofo.ML.EndToEnd.Tests.Paper;

public sealed class CellTests
{
    private static readonly PaperRow[] Rows = [PaperRow.All.First(row => !row.IsPretrainedHere), PaperRow.All.First(row => row.IsPretrainedHere)];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    [InlineData(3, 3)]
    [InlineData(2, 3)]
    public void A_row_without_pretraining_runs_once_for_every_finetuning_seed_and_others_for_every_pair(int pretrainingSeeds, int seeds)
    {
        var cells = Cell.All(["one", "two"], Rows, pretrainingSeeds, seeds).ToList();
        Assert.Equal(cells.Count, cells.Distinct().Count());
        foreach (var set in (string[])["one", "two"])
        {
            Assert.Equal(Enumerable.Range(1, seeds), cells.Where(cell => cell.Set == set && cell.Row == Rows[0]).Select(cell => cell.Seed).Order());
            Assert.Equal(pretrainingSeeds * seeds, cells.Count(cell => cell.Set == set && cell.Row == Rows[1]));
        }

        Assert.All(cells, cell => Assert.Equal(cell.Row.IsPretrainedHere, cell.PretrainingSeed > 0));
    }
}
