# SPDX-FileCopyrightText: 2026 The Paretoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our nets beside the same nets in Python's PyTorch, turn by turn in one run.

    python3 tests/benchmarks/bench_engine.py CLI [--data DIR]

An exported TorchScript file against the net that Python builds of net.config and init and freezes itself, batch 1 on one
thread; with --data (Fashion-MNIST in IDX files) also the throughput of `evaluate` against a plain loop in Python, and a training
step of `train` against the same step there.
"""
import argparse
import gzip
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy
import torch
from torch import nn


def make_divisible(v):
    n = max(8, (v + 4) // 8 * 8)
    return n + 8 if n < 0.9 * v else n


class SqueezeExcite(nn.Module):
    def __init__(self, channels):
        super().__init__()
        middle = make_divisible(channels // 4)
        self.fc = nn.Sequential()
        self.fc.add_module("reduce", nn.Conv2d(channels, middle, 1))
        self.fc.add_module("relu", nn.ReLU())
        self.fc.add_module("expand", nn.Conv2d(middle, channels, 1))
        self.fc.add_module("h_sigmoid", nn.Hardsigmoid())

    def forward(self, x):
        return x * self.fc(x.mean(3, keepdim=True).mean(2, keepdim=True))


def activation(name):
    return {"relu": nn.ReLU, "relu6": nn.ReLU6, "h_swish": nn.Hardswish}[name]()


def layer(inside, out, kernel, stride, groups, act, bn_eps, bn=True):
    parts = nn.Sequential()
    parts.add_module("conv", nn.Conv2d(inside, out, kernel, stride, kernel // 2, groups=groups, bias=False))
    if bn:
        parts.add_module("bn", nn.BatchNorm2d(out, eps=bn_eps))
    if act:
        parts.add_module("act", activation(act))
    return parts


class MbConv(nn.Module):
    def __init__(self, c, eps, shortcut):
        super().__init__()
        middle = c["mid_channels"] or round(c["in_channels"] * c["expand_ratio"])
        self.conv = nn.Sequential()
        if c["expand_ratio"] != 1:
            self.conv.add_module("inverted_bottleneck", layer(c["in_channels"], middle, 1, 1, 1, c["act_func"], eps))
        depth = layer(middle, middle, c["kernel_size"], c["stride"], middle, c["act_func"], eps)
        if c["use_se"]:
            depth.add_module("se", SqueezeExcite(middle))
        self.conv.add_module("depth_conv", depth)
        self.conv.add_module("point_linear", layer(middle, c["out_channels"], 1, 1, 1, None, eps))
        self.shortcut = shortcut

    def forward(self, x):
        y = self.conv(x)
        return x + y if self.shortcut else y


class Net(nn.Module):
    """A MobileNetV3 of a net.config, with the names of the released state dicts."""

    def __init__(self, config):
        super().__init__()
        eps = config["bn"]["eps"]
        plain = lambda c: layer(c["in_channels"], c["out_channels"], c["kernel_size"], c["stride"], 1, c["act_func"], eps, c["use_bn"])
        self.first_conv = plain(config["first_conv"])
        self.blocks = nn.Sequential(*[MbConv(b["conv"], eps, b["shortcut"] is not None) for b in config["blocks"]])
        self.final_expand_layer = plain(config["final_expand_layer"])
        self.feature_mix_layer = plain(config["feature_mix_layer"])
        self.classifier = nn.Sequential()
        self.classifier.add_module("linear", nn.Linear(config["classifier"]["in_features"], config["classifier"]["out_features"]))

    def forward(self, x):
        x = self.final_expand_layer(self.blocks(self.first_conv(x)))
        x = self.feature_mix_layer(x.mean(3, keepdim=True).mean(2, keepdim=True))
        return self.classifier(x.flatten(1))


def python_net(folder):
    net = Net(json.loads((folder / "net.config").read_text()))
    net.load_state_dict(torch.load(folder / "init", map_location="cpu")["state_dict"])
    return net.eval()


def run_cli(cli, *arguments):
    return subprocess.run([cli, *arguments], check=True, capture_output=True, text=True).stdout


def make_weights(cli, space, folder):
    """Weights of the right shapes and tame sizes: their values do not change how long a net takes."""
    keys = json.loads(run_cli(cli, "spaces", space, "--keys", "--json"))["keys"]
    generator = torch.Generator().manual_seed(1)
    uniform = lambda shape, low, high: torch.rand(shape, generator=generator) * (high - low) + low
    weights = {}
    for name, shape, dtype in keys:
        if dtype == "int64":
            weights[name] = torch.zeros(shape, dtype=torch.int64)
        elif name.endswith("_matrix"):
            weights[name] = torch.eye(shape[0])
        elif name.endswith("running_var"):
            weights[name] = uniform(shape, 1, 3)
        elif name.endswith("bn.weight"):
            weights[name] = uniform(shape, 0.5, 1.5)
        elif len(shape) > 1:
            edge = float(numpy.sqrt(6 / numpy.prod(shape[1:])))
            weights[name] = uniform(shape, -edge, edge)
        else:
            weights[name] = uniform(shape, -0.2, 0.2)
    torch.save({"state_dict": weights}, folder / "supernet.pth")
    return folder / "supernet.pth"


def turn_by_turn(runs, rounds):
    """Median milliseconds of each, the runs taking turns."""
    times = {name: [] for name in runs}
    with torch.no_grad():
        for i in range(rounds + 5):
            for name, run in runs.items():
                begin = time.perf_counter()
                run()
                if i >= 5:
                    times[name].append(1e3 * (time.perf_counter() - begin))
    return {name: statistics.median(t) for name, t in times.items()}


def latency(cli, space, subnet, work):
    out = work / f"{space}-{subnet.replace(':', '-')}"
    run_cli(cli, "export", "--space", space, "--weights", str(make_weights(cli, space, work)), "--subnet", subnet, "--format", "torchscript,state-dict", "--out", str(out))
    resolution = json.loads((out / "run.config").read_text())["image_size"]
    net = python_net(out)
    channels = net.first_conv.conv.in_channels
    images = torch.randn(1, channels, resolution, resolution)
    ours = torch.jit.load(str(out / "subnet.ts.pt"))
    theirs = torch.jit.freeze(torch.jit.script(net))
    torch.set_num_threads(1)
    with torch.no_grad():
        difference = (ours(images) - theirs(images)).abs().max().item()
    found = turn_by_turn({"exported": lambda: ours(images), "frozen in Python": lambda: theirs(images), "eager": lambda: net(images)}, 60 if space.startswith("ofa") else 400)
    print(f"{space} {subnet} at {resolution}: exported {found['exported']:.3f} ms, frozen in Python {found['frozen in Python']:.3f} ms"
          f" (x{found['exported'] / found['frozen in Python']:.2f}), eager {found['eager']:.3f} ms; logits differ by {difference:.1e}")


def throughput(cli, data, subnet, work):
    space = "fashion-mbv3"
    weights = make_weights(cli, space, work)
    (work / "about.json").write_text(json.dumps({"id": "bench", "dataSet": {"name": "Fashion-MNIST", "classes": 10, "mean": [0.286], "std": [0.353]}}))
    bundle, out = work / "bundle", work / f"net-{subnet}"
    if not bundle.exists():
        run_cli(cli, "import", "--space", space, "--weights", str(weights), "--about", str(work / "about.json"), "--out", str(bundle))
    run_cli(cli, "export", "--bundle", str(bundle), "--subnet", subnet, "--format", "state-dict", "--out", str(out))
    net = python_net(out)
    raw = gzip.decompress((Path(data) / "t10k-images-idx3-ubyte.gz").read_bytes())
    pixels = torch.from_numpy(numpy.frombuffer(raw, numpy.uint8, offset=16).copy()).view(-1, 1, 28, 28)
    resolution = json.loads((out / "run.config").read_text())["image_size"]
    torch.set_num_threads(2)

    def in_python():
        begin = time.perf_counter()
        with torch.no_grad():
            for batch in pixels.split(100):
                x = (batch.float() / 255 - 0.286) / 0.353
                if resolution != 28:
                    x = nn.functional.interpolate(x, (resolution, resolution), mode="bilinear", antialias=True)
                net(x).argmax(1)
        return len(pixels) / (time.perf_counter() - begin)

    ours, theirs = [], []
    for _ in range(3):
        ours.append(json.loads(run_cli(cli, "evaluate", "--bundle", str(bundle), "--subnet", subnet, "--data", data, "--json"))["imagesPerSecond"])
        theirs.append(in_python())
    print(f"{space} {subnet} at {resolution}: evaluate {statistics.median(ours):.0f} images/s, Python {statistics.median(theirs):.0f} (x{statistics.median(ours) / statistics.median(theirs):.2f})")


def training_step(cli, data, resolution, work):
    """The largest net, 128 images: forward, label smoothing, backward, SGD with momentum and weight decay."""
    space = "fashion-mbv3"
    weights = make_weights(cli, space, work)
    out = work / "trained"
    if not out.exists():
        run_cli(cli, "export", "--space", space, "--weights", str(weights), "--subnet", "max", "--format", "state-dict", "--out", str(out))
    phase = {"name": "full", "kernels": [7], "expansions": [4], "depths": [3], "resolutions": [resolution], "epochs": 1, "learningRate": 0.01}
    config = work / "train.json"
    config.write_text(json.dumps({"schema": 1, "space": space, "batchSize": 128, "validation": {"images": 100, "recalibrationImages": 200}, "phases": [phase]}))
    torch.set_num_threads(2)
    x, y = torch.randn(128, 1, resolution, resolution), torch.randint(0, 10, (128,))

    def in_python(order):
        net = python_net(out).train().to(memory_format=order)
        decayed = [p for n, p in net.named_parameters() if "bn" not in n and "bias" not in n]
        others = [p for n, p in net.named_parameters() if "bn" in n or "bias" in n]
        optimizer = torch.optim.SGD([{"params": decayed, "weight_decay": 3e-5}, {"params": others}], lr=0.01, momentum=0.9, nesterov=True)
        times = []
        for _ in range(9):
            begin = time.perf_counter()
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(x), y, label_smoothing=0.1)
            loss.backward()
            optimizer.step()
            loss.item()
            times.append(1e3 * (time.perf_counter() - begin))
        return statistics.median(times[2:])

    ours, plain, last = [], [], []
    for _ in range(5):
        forecast = json.loads(run_cli(cli, "train", "--config", str(config), "--data", data, "--forecast", "--threads", "2", "--json"))
        ours.append(forecast["phases"][0]["stepMs"])
        plain.append(in_python(torch.contiguous_format))
        last.append(in_python(torch.channels_last))
    ours, plain, last = (statistics.median(t) for t in (ours, plain, last))
    print(f"{space} max at {resolution}, training step of 128: train {ours:.1f} ms, Python {plain:.1f} (x{ours / plain:.2f}), Python in channels-last order {last:.1f} (x{ours / last:.2f})")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cli")
    parser.add_argument("--data", help="folder with t10k-images-idx3-ubyte.gz")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for space, subnet in [("ofa-mbv3-w1.0", "max"), ("ofa-mbv3-w1.0", "random:1"), ("ofa-mbv3-w1.0", "min"), ("fashion-mbv3", "max"), ("fashion-mbv3", "min")]:
            latency(options.cli, space, subnet, work)
        if options.data:
            for subnet in ("max", "min"):
                throughput(options.cli, options.data, subnet, work)
            for resolution in (28, 16):
                training_step(options.cli, options.data, resolution, work)


if __name__ == "__main__":
    main()
