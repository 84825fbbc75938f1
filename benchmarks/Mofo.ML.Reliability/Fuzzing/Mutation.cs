namespace Mofo.ML.Reliability.Fuzzing;

/// <summary>Makes another input from one; never changes the one that it is given.</summary>
/// <param name="input">At least one byte.</param>
/// <param name="draw">Source of every decision.</param>
internal delegate byte[] Mutation(byte[] input, Draw draw);
