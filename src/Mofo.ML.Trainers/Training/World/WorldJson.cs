using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mofo.ML.Trainers.Training.World;

/// <summary>Small values from rank 0 to all.</summary>
internal static class WorldJson
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    extension(TrainingWorld world)
    {
        /// <summary>The value of rank 0, on every rank.</summary>
        public T BroadcastJson<T>(T value)
        {
            var bytes = world.IsFirst ? JsonSerializer.SerializeToUtf8Bytes(value, Json) : [];
            var length = BitConverter.GetBytes(bytes.Length);
            world.Broadcast(length);
            if (!world.IsFirst)
            {
                bytes = new byte[BitConverter.ToInt32(length)];
            }

            world.Broadcast(bytes);
            return JsonSerializer.Deserialize<T>(bytes, Json)!;
        }
    }
}
