package io.runnel.topology;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The part of the earth that a map shows, as large as what is on it asks for: degrees lie evenly,
 * east and west shortened as they are in the middle of the map.
 *
 * @param west degrees east of the left edge
 * @param north degrees north of the upper edge
 * @param scale dots for a degree of latitude
 * @param stretch dots for a degree of longitude, of those for one of latitude
 * @param height dots
 */
record MapFrame(double west, double north, double scale, double stretch, double height) {
    /** Dots. */
    static final double WIDTH = 1_000;

    private static final double LEAST_HEIGHT = 420;
    private static final double MOST_HEIGHT = 760;
    private static final double MARGIN = 110;
    private static final double LEAST_DEGREES = 6;
    private static final int ROUNDS = 60;

    /** A place on the map, in dots from the upper left. */
    record Dot(double x, double y) {
        private double distance(Dot other) {
            return Math.hypot(x - other.x, y - other.y);
        }
    }

    /**
     * Around these places.
     *
     * @param places at least one
     */
    static MapFrame around(Collection<Location> places) {
        double south = places.stream().mapToDouble(Location::latitude).min().orElseThrow();
        double north = places.stream().mapToDouble(Location::latitude).max().orElseThrow();
        double west = places.stream().mapToDouble(Location::longitude).min().orElseThrow();
        double east = places.stream().mapToDouble(Location::longitude).max().orElseThrow();
        double tall = Math.max(LEAST_DEGREES, north - south);
        double wide = Math.max(LEAST_DEGREES, east - west);
        double stretch = Math.max(0.3, Math.cos(Math.toRadians((north + south) / 2)));
        double scale =
                Math.min(
                        (WIDTH - 2 * MARGIN) / (wide * stretch), (MOST_HEIGHT - 2 * MARGIN) / tall);
        double height = Math.max(LEAST_HEIGHT, tall * scale + 2 * MARGIN);
        return new MapFrame(
                (west + east) / 2 - WIDTH / (2 * scale * stretch),
                (north + south) / 2 + height / (2 * scale),
                scale,
                stretch,
                height);
    }

    /** Where a place is. */
    Dot dot(Location place) {
        return new Dot(
                (place.longitude() - west) * scale * stretch, (north - place.latitude()) * scale);
    }

    /**
     * These places, with those that would lie on each other moved apart.
     *
     * @param apart dots that two of them have between them, if there is room
     */
    List<Dot> spread(List<Location> places, double apart) {
        List<Dot> dots = new ArrayList<>(places.stream().map(this::dot).toList());
        for (int round = 0; round < ROUNDS; round++) {
            for (int one = 0; one < dots.size(); one++) {
                for (int other = one + 1; other < dots.size(); other++) {
                    part(dots, one, other, apart);
                }
            }
        }
        return dots;
    }

    private static void part(List<Dot> dots, int one, int other, double apart) {
        Dot a = dots.get(one);
        Dot b = dots.get(other);
        double distance = a.distance(b);
        if (distance >= apart) {
            return;
        }
        // To the sides: below them stand their names.
        double across = b.x() - a.x();
        double down = b.y() - a.y();
        double push = (Math.sqrt(apart * apart - down * down) - Math.abs(across)) / 2;
        double right = across < 0 ? push : -push;
        dots.set(one, new Dot(a.x() + right, a.y()));
        dots.set(other, new Dot(b.x() - right, b.y()));
    }
}
