using Microsoft.ML;

namespace PaperInSmall;

/// <summary>Clips to pretrain on, without labels, with their motion boxes.</summary>
/// <param name="Name">What files are named after.</param>
/// <param name="Clips">The hash of their names.</param>
/// <param name="Count">How many.</param>
/// <param name="View">The clips; boxes are detected when it is first asked for.</param>
internal sealed record Pool(string Name, string Clips, int Count, Lazy<IDataView> View);
