using ActionRecognition.Evaluation;
using Microsoft.ML;

namespace PaperInSmall;

/// <summary>A labelled data set with motion boxes and labels as keys, and the clips to pretrain on.</summary>
/// <param name="Name">As <c>--sets</c> names it.</param>
/// <param name="Clips">The hash of the names and labels of its clips.</param>
/// <param name="Train">Clips to learn from.</param>
/// <param name="Test">Held-back clips.</param>
/// <param name="TrainClips">The same as a list.</param>
/// <param name="TestClips">The same as a list.</param>
/// <param name="Pool">Clips to pretrain on.</param>
internal sealed record DataSet(string Name, string Clips, IDataView Train, IDataView Test, IReadOnlyList<ListedClip> TrainClips, IReadOnlyList<ListedClip> TestClips, Pool Pool);
