package io.runnel.topology;

/**
 * A place on the earth, to six decimals of a degree.
 *
 * @param latitude degrees north, -90 to 90
 * @param longitude degrees east, -180 to 180
 */
public record Location(double latitude, double longitude) {
    private static final double EARTH_RADIUS_KM = 6371;

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if out of range
     */
    public Location {
        requireWithin("latitude", latitude, 90);
        requireWithin("longitude", longitude, 180);
        latitude = rounded(latitude);
        longitude = rounded(longitude);
    }

    /** Six decimals are a hand's breadth, and what a file can hold without exponents. */
    private static double rounded(double degrees) {
        return Math.rint(degrees * 1e6) / 1e6 + 0.0;
    }

    /** Kilometres along the great circle, by the haversine formula. */
    public double kilometresTo(Location other) {
        double north = Math.toRadians(other.latitude - latitude) / 2;
        double east = Math.toRadians(other.longitude - longitude) / 2;
        double chord =
                Math.pow(Math.sin(north), 2)
                        + Math.cos(Math.toRadians(latitude))
                                * Math.cos(Math.toRadians(other.latitude))
                                * Math.pow(Math.sin(east), 2);
        return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
    }

    private static void requireWithin(String what, double degrees, int most) {
        if (!(Math.abs(degrees) <= most)) {
            throw new IllegalArgumentException(
                    "%s must be -%d to %d: %s".formatted(what, most, most, degrees));
        }
    }
}
