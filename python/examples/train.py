"""Trains a tiny model on patch time series, and tells how much of the time it waited for data.

    train.py STORE TILE YEAR [--workers 2] [--batches 50] [--size 1200] [--batch 4]

The model predicts band B08 of each pixel and date from the other 10 m bands; it stands for one of yours.
"""

import argparse
import time

import datacube_lab
import torch
from datacube_lab.torch import PatchSeriesDataset, collate_series
from torch.utils.data import DataLoader


def main() -> None:
    options = parse()
    cube = datacube_lab.open(options.store, options.tile, options.year, resolutions=["10m"])
    dataset = PatchSeriesDataset(cube, size=options.size, count=options.batches * options.batch, seed=1)
    loader = DataLoader(
        dataset, batch_size=options.batch, num_workers=options.workers, collate_fn=collate_series, prefetch_factor=2
    )
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = torch.nn.Sequential(torch.nn.Conv2d(3, 16, 3, padding=1), torch.nn.ReLU(), torch.nn.Conv2d(16, 1, 1)).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    waited, start, batches = 0.0, time.perf_counter(), iter(loader)
    for number in range(options.batches):
        asked = time.perf_counter()
        batch = next(batches)
        waited += time.perf_counter() - asked
        loss = step(model, optimizer, batch["10m"].to(device))
        if number % 10 == 0:
            print(f"batch {number}: loss {loss:.5f}")
    seconds = time.perf_counter() - start
    rate = options.batches * options.batch / seconds
    print(f"{rate:.1f} patches/s; waited for data {100 * waited / seconds:.1f} % of {seconds:.1f} s on {device}")


def step(model: torch.nn.Module, optimizer: torch.optim.Optimizer, series: torch.Tensor) -> float:
    """One step on a batch (patch, time, band, y, x); what has no data counts for nothing."""
    images = series.flatten(0, 1)
    known = ~torch.isnan(images).any(dim=1, keepdim=True)
    images = torch.nan_to_num(images)
    loss = ((model(images[:, :3]) - images[:, 3:]) ** 2)[known].mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("store")
    parser.add_argument("tile")
    parser.add_argument("year", type=int)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--batches", type=int, default=50)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--size", type=int, default=1200)
    return parser.parse_args()


if __name__ == "__main__":
    main()
