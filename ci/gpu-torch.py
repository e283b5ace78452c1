#!/usr/bin/env python3
"""Times PyTorch on the figures of a report of `clpool bench`, and merges both.

  ci/gpu-torch.py REPORT.json [--seconds N] [--device cuda|cpu] [--only REGEX] [--scale N]
  ci/gpu-torch.py REPORT.json --times torch.json

REPORT.json and, where they are beside it, REPORT.md and REPORT.html get PyTorch's times; torch.json
beside it has them alone, and --times merges such a file without measuring. What PyTorch has no
function for is made of several, as a user would (soft, importance, mix, gem, ...).

On a GPU batches of calls lie between two events, behind a kernel that only spends time, so that
the host is ahead; inputs and outputs rotate through more memory than the caches hold. On the CPU,
to try it out, it takes the host's clock.
"""

import argparse
import json
import math
import re
import statistics
import time
from pathlib import Path

BATCH = 20  # calls
SAMPLES = 5
BATCH_SECONDS = 4e-3
BETWEEN_USES = 512 << 20  # bytes
MOST_SETS = 16
BOXES_OF_AN_IMAGE = 256
SLEEP_CYCLES = 4_000_000  # about 2 ms
HTML_DATA = re.compile(r'(<script type="application/json" id="data">).*?(</script>)', re.DOTALL)


def parse(text):
    """An operator's name, its bare words, and its options."""
    name, *words = text.split()
    pairs = dict(word.split("=", 1) for word in words if "=" in word)
    return name, {word for word in words if "=" not in word}, pairs


def sizes(text, axes):
    """Numbers joined by x, one for each axis; a single one is for all."""
    numbers = [int(number) for number in text.split("x")]
    return numbers * axes if len(numbers) == 1 else numbers


class Figure:
    """One figure on PyTorch. function() pools, or is None where PyTorch cannot."""

    def __init__(self, torch, figure, device, scale):
        self.torch = torch
        self.f = torch.nn.functional
        self.device = device
        self.shape = figure["shape"]
        if scale > 1:
            n, c, *spatial = self.shape
            self.shape = [max(1, n // scale), max(1, c // max(1, scale // n)), *spatial]
        self.axes = len(self.shape) - 2
        self.last = figure["layout"] == "NHWC"
        self.call = figure["call"]
        self.dtype = getattr(torch, figure["type"].lower())
        self.name, self.words, self.options = parse(figure["operator"])

    # Tensors

    def random(self, shape, positive=False):
        x = self.torch.rand(list(shape), device=self.device, dtype=self.torch.float32)
        return self.laid((x if positive else x.mul_(2).sub_(1)).to(self.dtype))

    def laid(self, x):
        formats = {4: self.torch.channels_last, 5: self.torch.channels_last_3d}
        if self.last and x.dim() in formats:
            return x.contiguous(memory_format=formats[x.dim()])
        return x

    def boxes(self):
        """As clpool's benchmark draws them: sides of 1/16 to 5/16 of the image's."""
        torch = self.torch
        n, _, height, width = self.shape
        count = BOXES_OF_AN_IMAGE * n
        starts, ends = [], []
        for size in (width, height):
            length = size * (1 + 4 * torch.rand(count)) / 16
            start = torch.rand(count) * (size - length)
            starts.append(start)
            ends.append(start + length)
        image = torch.randint(n, (count,)).float()
        return torch.stack([image, *starts, *ends], 1).to(self.device).to(self.dtype)

    # Regions

    def pool(self, kind):
        return getattr(self.f, f"{kind}_pool{self.axes}d")

    def window(self):
        kernel = sizes(self.options["window"], self.axes)
        stride = sizes(self.options.get("stride", self.options["window"]), self.axes)
        return kernel, stride, sizes(self.options.get("padding", "0"), self.axes)

    def mean(self):
        """The function that averages over the regions."""
        if "window" in self.options:
            window = self.window()
            return lambda x: self.pool("avg")(x, *window)
        if "global" in self.words:
            return lambda x: self.pool("adaptive_avg")(x, 1)
        if "adaptive" in self.options:
            output = sizes(self.options["adaptive"], self.axes)
            return lambda x: self.pool("adaptive_avg")(x, output)
        return None

    def greatest(self):
        indices = self.call == "indices"
        if "window" in self.options:
            window = self.window()
            return lambda x: self.pool("max")(x, *window, return_indices=indices)
        if "global" in self.words:
            if indices:
                return lambda x: self.pool("adaptive_max")(x, 1, return_indices=True)
            spatial = tuple(range(2, 2 + self.axes))
            return lambda x: self.torch.amax(x, spatial, keepdim=True)
        if "adaptive" in self.options:
            output = sizes(self.options["adaptive"], self.axes)
            return lambda x: self.pool("adaptive_max")(x, output, return_indices=indices)
        if "fractional" in self.options and self.axes == 2:
            kernel = sizes(self.options["fractional"], 2)
            ratio = (float(self.options["outputRatio"]),) * 2
            samples = self.torch.rand(*self.shape[:2], 2, device=self.device, dtype=self.dtype)
            return lambda x: self.f.fractional_max_pool2d(
                x, kernel, output_ratio=ratio, _random_samples=samples
            )
        return None

    # Operators: what is pooled, and by which function of it

    def function(self):
        made = getattr(self, "make_" + self.name, None)
        return None if made is None else made()

    def make_max(self):
        pooled = self.greatest()
        return pooled and ([self.random(self.shape)], pooled)

    def make_min(self):
        pooled = self.greatest()
        return pooled and ([self.random(self.shape)], lambda x: -pooled(-x))

    def make_avg(self):
        pooled = self.mean()
        return pooled and ([self.random(self.shape)], pooled)

    def make_sum(self):
        kernel, stride, padding = self.window()
        pooled = self.pool("avg")
        return [self.random(self.shape)], lambda x: pooled(
            x, kernel, stride, padding, divisor_override=1
        )

    def make_lp(self):
        kernel, stride, padding = self.window()
        if any(padding):
            padded = [size for size in reversed(padding) for _ in range(2)]
            return [self.random(self.shape)], lambda x: self.pool("lp")(
                self.f.pad(x, padded), float(self.options.get("p", 2)), kernel, stride
            )
        return [self.random(self.shape)], lambda x: self.pool("lp")(
            x, float(self.options.get("p", 2)), kernel, stride
        )

    def make_gem(self):
        mean = self.mean()
        x = [self.random(self.shape, positive=True)]
        return x, lambda x: mean(x.clamp(min=1e-6).pow(3.0)).pow(1 / 3.0)

    def make_soft(self):
        mean = self.mean()

        def soft(x):
            weights = self.torch.exp(x)
            return mean(x * weights) / mean(weights)

        return [self.random(self.shape)], soft

    def make_importance(self):
        mean = self.mean()

        def importance(x, logits):
            weights = self.torch.exp(logits)
            return mean(x * weights) / mean(weights)

        return [self.random(self.shape), self.random(self.shape)], importance

    def make_stochastic(self):
        mean = self.mean()
        if "expected" not in self.words:
            return None  # it draws
        return [self.random(self.shape, positive=True)], lambda x: mean(x * x) / mean(x)

    def make_mix(self):
        mean, greatest = self.mean(), self.greatest()
        if "mean" not in self.words:
            return None
        return [self.random(self.shape)], lambda x: 0.5 * greatest(x) + 0.5 * mean(x)

    def make_variance(self):
        mean = self.mean()
        return [self.random(self.shape)], lambda x: mean(x * x) - mean(x) ** 2

    def make_std(self):
        mean = self.mean()
        return [self.random(self.shape)], lambda x: (mean(x * x) - mean(x) ** 2).sqrt()

    def make_log_sum_exp(self):
        mean = self.mean()
        cells = math.prod(self.window()[0])
        return [self.random(self.shape)], lambda x: (mean(self.torch.exp(x)) * cells).log()

    def make_soft_gate(self):
        return [self.random(self.shape)], lambda x: 12 * self.torch.sigmoid(x)

    def make_max_unpool(self):
        kernel, stride, padding = self.window()
        larger = [*self.shape[:2], *(n * s for n, s in zip(self.shape[2:], stride))]
        x, indices = self.pool("max")(self.random(larger), kernel, stride, return_indices=True)
        unpool = getattr(self.f, f"max_unpool{self.axes}d")
        return [x], lambda x: unpool(x, indices, kernel, stride, padding)

    def make_roi_align(self):
        from torchvision.ops import roi_align

        boxes = self.boxes()
        output = sizes(self.options["output"], 2)
        ratio = int(self.options.get("samplingRatio", 0)) or -1
        return [self.random(self.shape)], lambda x: roi_align(
            x, boxes, output, 1.0, ratio, "aligned" in self.words
        )

    def make_roi_pool(self):
        from torchvision.ops import roi_pool

        boxes = self.boxes()
        output = sizes(self.options["output"], 2)
        return [self.random(self.shape)], lambda x: roi_pool(x, boxes, output, 1.0)

    def prepare(self):
        """A call on tensors of its own, without arguments; None where PyTorch has none."""
        made = self.function()
        if made is None:
            return None
        inputs, function = made
        if self.call != "gradient":
            return lambda: function(*inputs)
        inputs = [x.detach().requires_grad_(True) for x in inputs]
        y = function(*inputs)
        gradient = self.random(y.shape) if y.dim() == len(self.shape) else self.torch.ones_like(y)
        return lambda: self.torch.autograd.grad(y, inputs, gradient, retain_graph=True)


class Clock:
    """Takes the milliseconds of calls."""

    def __init__(self, torch, device):
        self.torch = torch
        self.gpu = device == "cuda"

    def finish(self):
        if self.gpu:
            self.torch.cuda.synchronize()

    def batch(self, calls, results, count):
        """The milliseconds of each of so many calls."""
        cuda = self.torch.cuda
        if self.gpu:
            begin, end = (cuda.Event(enable_timing=True) for _ in range(2))
            cuda._sleep(SLEEP_CYCLES)
            begin.record()
        start = time.perf_counter()
        for i in range(count):
            results[i % len(calls)] = calls[i % len(calls)]()
        if not self.gpu:
            return (time.perf_counter() - start) * 1e3 / count
        end.record()
        end.synchronize()
        return begin.elapsed_time(end) / count

    def median(self, calls):
        results = [call() for call in calls]  # kept, so that the outputs rotate, too
        self.finish()
        start = time.perf_counter()
        results[0] = calls[0]()
        self.finish()
        once = time.perf_counter() - start
        count = max(1, min(BATCH, int(BATCH_SECONDS / once)))
        samples = SAMPLES if once < 0.1 else 1
        return statistics.median(self.batch(calls, results, count) for _ in range(samples))


def measure(report, options):
    """PyTorch's milliseconds by a figure's name, and what it is; prints as it goes."""
    import torch

    device = options.device or ("cuda" if torch.cuda.is_available() else "cpu")
    version = torch.__version__
    if device == "cuda":
        version += f", CUDA {torch.version.cuda}, {torch.cuda.get_device_name()}"
    print("PyTorch", version, flush=True)
    clock = Clock(torch, device)
    times, lacking, failed, late = {}, [], [], []
    start = time.perf_counter()
    for figure in report["figures"]:
        name = figure["name"]
        if figure["yardstick"] != "copy" or figure["onJvm"]:
            continue
        if options.only and not re.search(options.only, name):
            continue
        if time.perf_counter() - start > options.seconds:
            late.append(name)
            continue
        try:
            sets = BETWEEN_USES // figure.get("bytes", BETWEEN_USES) if device == "cuda" else 2
            calls = []
            for _ in range(max(1, min(MOST_SETS, sets + 1))):
                calls.append(Figure(torch, figure, device, options.scale).prepare())
            if None in calls:
                lacking.append(name)
                continue
            times[name] = clock.median(calls)
            print(f"{name:<32} {times[name]:10.4f} ms", flush=True)
        except Exception as error:  # the others may work
            failed.append(name)
            print(f"{name:<32} failed: {str(error) or repr(error)}"[:200], flush=True)
        finally:
            calls = None
            if device == "cuda":
                torch.cuda.empty_cache()
    print(f"{len(times)} timed, {len(failed)} failed, {len(late)} had no time")
    print("PyTorch has nothing for:", ", ".join(lacking) or "none of them")
    return {"PyTorch": version, "ms": times}


def merge(path, times):
    """Adds PyTorch's times to a report and to what is beside it; returns the summary."""
    report = json.loads(path.read_text(encoding="utf-8"))
    report["machine"]["PyTorch"] = times["PyTorch"]
    ratios = {}
    for figure in report["figures"]:
        other = times["ms"].get(figure["name"])
        if other is not None and "ms" in figure:
            figure["torchMs"] = other
            ratios[figure["name"]] = other / figure["ms"]
    text = json.dumps(report, ensure_ascii=False).replace("<", "\\u003c")
    path.write_text(text + "\n", encoding="utf-8")
    page = path.with_suffix(".html")
    if page.exists():
        html = page.read_text(encoding="utf-8")
        html = HTML_DATA.sub(lambda found: found[1] + text + found[2], html)
        page.write_text(html, encoding="utf-8")
    won = sum(ratio >= 1 for ratio in ratios.values())
    summary = f"PyTorch takes at least as long in {won} of {len(ratios)} figures"
    table = path.with_suffix(".md")
    if table.exists() and "torch ms" not in table.read_text(encoding="utf-8"):
        lines = table.read_text(encoding="utf-8").split("\n")
        extended = [extend(line, times["ms"], ratios) for line in lines]
        table.write_text("\n".join([*extended, summary + ".", ""]), encoding="utf-8")
    return summary


def extend(line, times, ratios):
    """A line of the report's table with two more columns; any other as it is."""
    if line.startswith("|---"):
        return line + "--:|--:|"
    if not line.startswith("| "):
        return line
    name = line[2:].split(" | ")[0]
    if name == "figure":
        return line + " torch ms | torch : clpool |"
    ms = f"{times[name]:.4f}" if name in times else "-"
    return f"{line} {ms} | {ratios[name]:.2f} |" if name in ratios else f"{line} {ms} | - |"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("report", type=Path)
    parser.add_argument("--times", type=Path)
    parser.add_argument("--seconds", type=float, default=math.inf)
    parser.add_argument("--device", choices=("cuda", "cpu"))
    parser.add_argument("--only", default="")
    parser.add_argument("--scale", type=int, default=1)
    options = parser.parse_args()
    if options.times:
        times = json.loads(options.times.read_text(encoding="utf-8"))
    else:
        report = json.loads(options.report.read_text(encoding="utf-8"))
        times = measure(report, options)
        alone = options.report.with_name("torch.json")
        alone.write_text(json.dumps(times, indent=1) + "\n", encoding="utf-8")
    print(merge(options.report, times))


if __name__ == "__main__":
    main()
