namespace PaperInSmall;

/// <summary>One training of the table.</summary>
/// <param name="Set">Data set, as <c>--sets</c> names it.</param>
/// <param name="Row">Row of the table.</param>
/// <param name="PretrainingSeed">Seed of pretraining; 0 where there is none.</param>
/// <param name="Seed">Seed of finetuning.</param>
internal sealed record Cell(string Set, PaperRow Row, int PretrainingSeed, int Seed)
{
    /// <summary>All cells. One run of every row and set comes first, so that an early look at the table compares all rows.</summary>
    public static IEnumerable<Cell> All(IReadOnlyList<string> sets, IReadOnlyList<PaperRow> rows, int pretrainingSeeds, int seeds) =>
        (from pair in Pairs(pretrainingSeeds, seeds)
         from set in sets
         from row in rows
         select new Cell(set, row, row.IsPretrainedHere ? pair.Pretraining : 0, pair.Finetuning)).Distinct(); // a row that pretrains nothing has one run for each seed of finetuning

    /// <summary>Seeds of pretraining and finetuning: the equal ones first.</summary>
    private static IEnumerable<(int Pretraining, int Finetuning)> Pairs(int pretrainingSeeds, int seeds) =>
        from shift in Enumerable.Range(0, seeds)
        from pretraining in Enumerable.Range(0, pretrainingSeeds)
        select (pretraining + 1, ((pretraining + shift) % seeds) + 1);
}
