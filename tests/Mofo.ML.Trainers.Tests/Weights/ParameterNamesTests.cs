using System.Runtime.InteropServices;
using Mofo.ML.Trainers.Weights;

namespace Mofo.ML.Trainers.Tests.Weights;

public class ParameterNamesTests
{
    [Theory]
    [InlineData("videomae.embeddings.patch_embeddings.projection.weight", "encoder.patch_embed.proj.weight")]
    [InlineData("videomae.encoder.layer.11.layernorm_before.weight", "encoder.blocks.11.norm1.weight")]
    [InlineData("videomae.encoder.layer.0.layernorm_after.bias", "encoder.blocks.0.norm2.bias")]
    [InlineData("videomae.encoder.layer.0.attention.attention.q_bias", "encoder.blocks.0.attn.q_bias")]
    [InlineData("videomae.encoder.layer.0.attention.attention.v_bias", "encoder.blocks.0.attn.v_bias")]
    [InlineData("videomae.encoder.layer.0.attention.output.dense.bias", "encoder.blocks.0.attn.proj.bias")]
    [InlineData("videomae.encoder.layer.0.intermediate.dense.weight", "encoder.blocks.0.mlp.fc1.weight")]
    [InlineData("videomae.encoder.layer.0.output.dense.weight", "encoder.blocks.0.mlp.fc2.weight")]
    [InlineData("videomae.layernorm.weight", "encoder.norm.weight")]
    [InlineData("encoder_to_decoder.weight", "encoder_to_decoder.weight")]
    [InlineData("mask_token", "mask_token")]
    [InlineData("decoder.decoder_layers.3.attention.output.dense.weight", "decoder.blocks.3.attn.proj.weight")]
    [InlineData("decoder.norm.bias", "decoder.norm.bias")]
    [InlineData("decoder.head.weight", "decoder.head.weight")]
    public void Names_of_a_pretraining_model_are_translated_both_ways(string huggingFace, string original)
    {
        using var set = Set("videomae.embeddings.patch_embeddings.projection.weight", huggingFace);
        using var translated = ParameterNames.ToOriginal(set);
        Assert.Contains(original, translated.Names);
        using var back = ParameterNames.ToHuggingFace(translated);
        Assert.Contains(huggingFace, back.Names);
    }

    [Theory]
    [InlineData("videomae.encoder.layer.2.layernorm_before.weight", "blocks.2.norm1.weight")]
    [InlineData("classifier.weight", "head.weight")]
    [InlineData("fc_norm.bias", "fc_norm.bias")]
    public void Names_of_a_classifier_are_translated_both_ways(string huggingFace, string original)
    {
        using var set = Set("videomae.embeddings.patch_embeddings.projection.weight", "classifier.bias", huggingFace);
        using var translated = ParameterNames.ToOriginal(set);
        Assert.Contains(original, translated.Names);
        using var back = ParameterNames.ToHuggingFace(translated);
        Assert.Contains(huggingFace, back.Names);
    }

    [Fact]
    public void A_model_saved_without_its_outer_class_is_translated()
    {
        using var set = Set("embeddings.patch_embeddings.projection.weight", "encoder.layer.0.layernorm_before.bias", "layernorm.bias");
        using var translated = ParameterNames.ToOriginal(set);
        Assert.Equal(["encoder.patch_embed.proj.weight", "encoder.blocks.0.norm1.bias", "encoder.norm.bias"], translated.Names);
    }

    [Fact]
    public void Query_key_and_value_become_the_rows_of_one_matrix_and_come_apart_again()
    {
        const string Attention = "videomae.encoder.layer.0.attention.attention.";
        using var set = new WeightSet("hf", [
            Vector("videomae.embeddings.patch_embeddings.projection.weight", [1], 0),
            Vector(Attention + "query.weight", [2, 2], 1, 2, 3, 4), Vector(Attention + "query.bias", [2], 13, 14),
            Vector(Attention + "key.weight", [2, 2], 5, 6, 7, 8), Vector(Attention + "key.bias", [2], 0, 0),
            Vector(Attention + "value.weight", [2, 2], 9, 10, 11, 12), Vector(Attention + "value.bias", [2], 15, 16)]);

        using var original = ParameterNames.ToOriginal(set);

        Assert.Equal(["encoder.patch_embed.proj.weight", "encoder.blocks.0.attn.qkv.weight", "encoder.blocks.0.attn.q_bias", "encoder.blocks.0.attn.v_bias"], original.Names);
        var fused = original["encoder.blocks.0.attn.qkv.weight"];
        Assert.Equal("F32 [6, 2]", fused.Description);
        Assert.Equal(Enumerable.Range(1, 12).Select(i => (float)i), Singles(fused));
        Assert.Equal([13f, 14], Singles(original["encoder.blocks.0.attn.q_bias"]));

        using var back = ParameterNames.ToHuggingFace(original);
        Assert.Equal([1f, 2, 3, 4], Singles(back[Attention + "query.weight"]));
        Assert.Equal([5f, 6, 7, 8], Singles(back[Attention + "key.weight"]));
        Assert.Equal([9f, 10, 11, 12], Singles(back[Attention + "value.weight"]));
    }

    [Fact]
    public void A_missing_or_odd_part_of_an_attention_is_named()
    {
        const string Attention = "encoder.layer.0.attention.attention.";
        using var missing = Set("embeddings.patch_embeddings.projection.weight", Attention + "query.weight", Attention + "value.weight");
        Assert.Equal(Attention + "key.weight", Assert.Throws<WeightFileException>(() => ParameterNames.ToOriginal(missing)).Tensor);

        using var odd = new WeightSet("hf", [
            Vector("embeddings.patch_embeddings.projection.weight", [1], 0),
            Vector(Attention + "query.weight", [1, 2], 1, 2), Vector(Attention + "key.weight", [2, 1], 1, 2), Vector(Attention + "value.weight", [1, 2], 1, 2)]);
        var e = Assert.Throws<WeightFileException>(() => ParameterNames.ToOriginal(odd));
        Assert.Equal("Weight file 'hf', tensor 'encoder.layer.0.attention.attention.key.weight': found F32 [2, 1]; expected a matrix like that of the queries, F32 [1, 2].", e.Message);
    }

    [Fact]
    public void Original_names_pass_unchanged()
    {
        using var set = Set("encoder.blocks.0.attn.qkv.weight", "anything");
        Assert.Same(set, ParameterNames.ToOriginal(set));
    }

    private static WeightSet Set(params string[] names) => new("hf", names.Distinct().Select(name => Vector(name, name.EndsWith("weight") ? [1, 1] : [1], 1)));

    private static WeightTensor Vector(string name, long[] shape, params float[] values) =>
        WeightTensor.FromMemory(name, WeightType.Float32, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private static float[] Singles(WeightTensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.ToArray()).ToArray();
}
