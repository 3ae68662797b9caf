package io.runnel.chaos.suite;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of the ways of a link of the topology, written {@code ams/eu-west/internal}.
 *
 * @param from a POP or region
 * @param to a region
 */
record LinkName(String from, String to, Part part) {
    private static final Pattern TEXT =
            Pattern.compile("([a-z0-9-]{1,63})/([a-z0-9-]{1,63})/(internal|cluster)");

    /** What runs over it. */
    enum Part {
        /** Calls, the feed, code. */
        INTERNAL,
        /** Hazelcast. */
        CLUSTER
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none
     */
    static LinkName parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "a link is written FROM/TO/internal or FROM/TO/cluster: '%s'".formatted(text));
        }
        Part part = matcher.group(3).equals("internal") ? Part.INTERNAL : Part.CLUSTER;
        return new LinkName(matcher.group(1), matcher.group(2), part);
    }

    @Override
    public String toString() {
        return from + "/" + to + "/" + (part == Part.INTERNAL ? "internal" : "cluster");
    }
}
