"""HuggingFace's VideoMAE (transformers, Apache-2.0) with fused attention and bfloat16 by autocast: the same steps as benchmarks/Mofo.ML.Benchmarks/Gpu, clips already on the card.

Prints rows of a Markdown table. Usage: huggingface_videomae.py [--small]
"""

import statistics
import sys
import time

import torch
from transformers import VideoMAEConfig, VideoMAEForPreTraining, VideoMAEForVideoClassification

SMALL = "--small" in sys.argv
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
BATCHES = [2] if SMALL else [8, 32]
ROUNDS = 2 if SMALL else 7
SIZES = dict(image_size=64, num_hidden_layers=2, decoder_num_hidden_layers=1) if SMALL else {}


def wait():
    if DEVICE == "cuda":
        torch.cuda.synchronize()


def config(**more):
    made = VideoMAEConfig(norm_pix_loss=True, **SIZES, **more)
    made._attn_implementation = "sdpa"
    return made


def measure(step):
    for _ in range(4):
        step()
    times = []
    for _ in range(ROUNDS):
        wait()
        started = time.perf_counter()
        for _ in range(4):
            step()
        wait()
        times.append((time.perf_counter() - started) / 4 * 1000)
    return times


def row(what, batch, step):
    times = measure(step)
    middle = statistics.median(times)
    memory = f"{torch.cuda.max_memory_reserved() / 2**30:.1f} GiB" if DEVICE == "cuda" else ""
    print(
        f"| HuggingFace, sdpa: {what} | {batch} | bfloat16 by autocast | {middle:.1f} | {min(times):.1f} - {max(times):.1f} | {batch / middle * 1000:.0f} | {memory} |",
        flush=True,
    )


def clips(batch, made):
    return torch.randn(batch, made.num_frames, 3, made.image_size, made.image_size, device=DEVICE)


def training(model, forward):
    model.to(DEVICE).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, weight_decay=0.05, fused=DEVICE == "cuda")

    def step():
        with torch.autocast(DEVICE, dtype=torch.bfloat16):
            loss = forward()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return step


def pretraining(batch):
    made = config()
    model = VideoMAEForPreTraining(made)
    tubes = (made.image_size // made.patch_size) ** 2
    hidden = torch.zeros(tubes, dtype=torch.bool)
    hidden[torch.randperm(tubes)[: int(0.9 * tubes)]] = True
    mask = hidden.repeat(made.num_frames // made.tubelet_size).repeat(batch, 1).to(DEVICE)
    pixels = clips(batch, made)
    row("pretraining step", batch, training(model, lambda: model(pixels, bool_masked_pos=mask).loss))


def finetuning(batch):
    made = config(num_labels=174)
    model = VideoMAEForVideoClassification(made)
    pixels = clips(batch, made)
    labels = torch.randint(0, 174, (batch,), device=DEVICE)
    row("finetuning step", batch, training(model, lambda: model(pixels, labels=labels).loss))


def scoring(batch):
    made = config(num_labels=174)
    model = VideoMAEForVideoClassification(made).to(DEVICE).eval()
    pixels = clips(batch, made)

    @torch.no_grad()
    def step():
        with torch.autocast(DEVICE, dtype=torch.bfloat16):
            model(pixels).logits.softmax(-1).float().cpu()

    row("scoring", batch, step)


for part in (pretraining, finetuning, scoring):
    for size in BATCHES:
        part(size)
        if DEVICE == "cuda":
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats()
