package io.runnel.routing.placement.simulation;

import io.runnel.exec.task.RegionId;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Where POPs and regions are, how far from each other, and which of their links fail when. */
final class World {
    private static final int FAILOVERS = 2;
    private static final double OUTAGES_A_DAY = 1;

    /** When a POP has no way to a region. */
    record Outage(long fromNanos, long toNanos) {}

    private record Place(double latitude, double longitude) {
        static Place drawn(long hash) {
            double latitude = Math.toDegrees(Math.asin(Hashing.unit(hash) * 1.6 - 0.7));
            return new Place(latitude, Hashing.unit(Hashing.mix(hash)) * 360 - 180);
        }

        /** Along the surface, by the haversine formula. */
        double kilometres(Place other) {
            double lat = Math.toRadians(other.latitude - latitude) / 2;
            double lon = Math.toRadians(other.longitude - longitude) / 2;
            double a =
                    Math.pow(Math.sin(lat), 2)
                            + Math.cos(Math.toRadians(latitude))
                                    * Math.cos(Math.toRadians(other.latitude))
                                    * Math.pow(Math.sin(lon), 2);
            return 2 * 6371 * Math.asin(Math.sqrt(a));
        }
    }

    private final SimSettings settings;
    private final List<Place> regions = new ArrayList<>();
    private final List<Place> pops = new ArrayList<>();
    private final double[] weights;

    World(SimSettings settings) {
        this.settings = settings;
        for (int i = 0; i < settings.regions(); i++) {
            regions.add(Place.drawn(Hashing.mix(settings.seed() * 31 + i)));
        }
        weights = new double[settings.pops()];
        for (int i = 0; i < settings.pops(); i++) {
            long hash = Hashing.mix(settings.seed() * 37 + i);
            pops.add(Place.drawn(hash));
            weights[i] = Math.exp(0.8 * Hashing.normal(hash));
        }
    }

    static RegionId name(int region) {
        return new RegionId("r" + region);
    }

    /** The own region first, then those to turn to: the nearest ones. */
    int[] regionsOf(int pop) {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < regions.size(); i++) {
            all.add(i);
        }
        all.sort(Comparator.comparingDouble(region -> roundTripNanos(pop, region)));
        return all.stream().limit(1 + FAILOVERS).mapToInt(region -> region).toArray();
    }

    /** Two milliseconds, and the way in glass, which is half as long again as the straight one. */
    double roundTripNanos(int pop, int region) {
        return 2e6 + pops.get(pop).kilometres(regions.get(region)) * 2 * 1.5 / 2e5 * 1e9;
    }

    /** Hours that the sun is ahead there. */
    int hoursAhead(int pop) {
        return (int) Math.round(pops.get(pop).longitude() / 15);
    }

    /** How many calls come to a POP in an hour of the day at UTC, in proportion. */
    double activity(int pop, int hour) {
        double angle = 2 * Math.PI * (hour + hoursAhead(pop) - 15) / 24;
        return weights[pop] * (1 + 0.7 * Math.cos(angle));
    }

    /** Once a day in the mean, for five to thirty minutes. */
    List<Outage> outages(int pop, int region) {
        List<Outage> outages = new ArrayList<>();
        long hash = Hashing.mix(settings.seed() * 41 + pop * 1009L + region);
        double day = 24.0 * SimSettings.HOUR;
        double at = -Math.log(1 - Hashing.unit(hash)) * day / OUTAGES_A_DAY;
        while (at < (double) settings.hours() * SimSettings.HOUR) {
            hash = Hashing.mix(hash);
            double minutes = 5 + 25 * Hashing.unit(hash);
            outages.add(new Outage((long) at, (long) (at + minutes * 60e9)));
            hash = Hashing.mix(hash);
            at += -Math.log(1 - Hashing.unit(hash)) * day / OUTAGES_A_DAY;
        }
        return outages;
    }
}
