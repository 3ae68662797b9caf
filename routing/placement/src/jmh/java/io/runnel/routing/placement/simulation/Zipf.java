package io.runnel.routing.placement.simulation;

import java.util.SplittableRandom;

/**
 * Draws ranks from 1 on, each in proportion to rank to the power of minus the exponent, by
 * rejection-inversion (Hörmann and Derflinger 1996). Immutable.
 */
final class Zipf {
    private final int ranks;
    private final double exponent;
    private final double least;
    private final double span;
    private final double squeeze;

    Zipf(int ranks, double exponent) {
        this.ranks = ranks;
        this.exponent = exponent;
        this.least = integral(ranks + 0.5);
        this.span = integral(1.5) - 1 - least;
        this.squeeze = 2 - inverse(integral(2.5) - weight(2));
    }

    int draw(SplittableRandom random) {
        while (true) {
            double drawn = least + random.nextDouble() * span;
            double x = inverse(drawn);
            int rank = Math.clamp((long) (x + 0.5), 1, ranks);
            if (rank - x <= squeeze || drawn >= integral(rank + 0.5) - weight(rank)) {
                return rank;
            }
        }
    }

    double weight(int rank) {
        return exponent == 1 ? 1.0 / rank : Math.exp(-exponent * Math.log(rank));
    }

    private double integral(double x) {
        double log = Math.log(x);
        return exponent == 1 ? log : Math.expm1((1 - exponent) * log) / (1 - exponent);
    }

    private double inverse(double y) {
        return exponent == 1
                ? Math.exp(y)
                : Math.exp(Math.log1p(y * (1 - exponent)) / (1 - exponent));
    }
}
