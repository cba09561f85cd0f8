"""What samples come to: median, spread, and ratios of the same patches with their uncertainty."""

import numpy

# Enough that the ends of an interval move by less than a hundredth of its length from seed to seed.
_RESAMPLES = 10_000


def quartiles(values: list[float]) -> tuple[float, float, float]:
    low, median, high = numpy.percentile(values, [25, 50, 75])
    return float(low), float(median), float(high)


def paired_ratio(values: list[float], ours: list[float]) -> tuple[float, list[float]]:
    """The median over patches of `values` divided by `ours`, and where 95 % of resampled medians lie."""
    ratios = numpy.asarray(values) / numpy.asarray(ours)
    draws = numpy.random.default_rng(42).choice(ratios, (_RESAMPLES, len(ratios)))
    low, high = numpy.percentile(numpy.median(draws, axis=1), [2.5, 97.5])
    return float(numpy.median(ratios)), [float(low), float(high)]
